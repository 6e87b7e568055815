"""Who acts: people, what they are to a school or a body and for how long, and where they are logged in."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Self

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import get_random_string

from plans.accounts.roles import ROLES, Place, Role, roles_at
from plans.schools.models import Dated, ManagingBody, School, in_force


def new_session_stamp() -> str:
    """Return a fresh stamp; a session that carries another one is over."""
    return get_random_string(16)


_ON_PAPER = {"Thầy": "Ông", "Cô": "Bà"}


class UserManager(BaseUserManager["User"]):
    """Users are found by user name or by e-mail, without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with that user name or e-mail. Raises User.DoesNotExist."""
        name = (username or "").strip().lower()
        return self.get(Q(username=name) | Q(email=name, email__gt=""))

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password nobody can log in as them."""
        user = self.model(username=username.strip().lower(), **fields)
        user.email = user.email.strip().lower()
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user for the back office: staff, superuser, and administrator of the installation."""
        fields = {"is_staff": True, "is_superuser": True, "full_name": username} | fields
        user = self.create_user(username, password, **fields)
        Membership.objects.create(user=user, role=Role.ADMIN)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Người dùng: logs in by user name or e-mail."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[a-z0-9._-]+\Z",
                "Tên đăng nhập chỉ gồm chữ thường không dấu, chữ số, dấu chấm, gạch nối và gạch dưới.",
            )
        ],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    email = models.EmailField("thư điện tử", blank=True)
    full_name = models.CharField("họ và tên", max_length=120)
    honorific = models.CharField(
        "xưng hô", max_length=20, blank=True, help_text="Ví dụ: Cô, Thầy, Ông, Bà."
    )
    is_active = models.BooleanField("đang hoạt động", default=True)
    is_staff = models.BooleanField("vào được trang quản trị", default=False)
    must_change_password = models.BooleanField("phải đổi mật khẩu khi đăng nhập", default=False)
    session_stamp = models.CharField(max_length=16, default=new_session_stamp, editable=False)
    joined_at = models.DateTimeField("tạo lúc", default=timezone.now, editable=False)
    is_demo = models.BooleanField("dữ liệu minh họa", default=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(email__gt=""),
                name="plans_user_email",
                violation_error_message="Thư điện tử này đã có người dùng.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """The name as it is printed, without an honorific."""
        return self.full_name

    def clean(self) -> None:
        """Bring user name and e-mail to the form in which people are looked up."""
        super().clean()
        self.username = self.username.strip().lower()
        self.email = self.email.strip().lower()

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Ask the backends; being a superuser opens the back office, never a school's papers."""
        if obj is None:
            return super().has_perm(perm)
        return any(
            backend.has_perm(self, perm, obj)
            for backend in get_backends()
            if hasattr(backend, "has_perm")
        )

    def get_session_auth_hash(self) -> str:
        """Tie every session to the password and to the stamp: changing either ends them all."""
        return f"{super().get_session_auth_hash()}{self.session_stamp}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under each retired SECRET_KEY, so that changing the key logs nobody out."""
        return (f"{old}{self.session_stamp}" for old in super().get_session_auth_fallback_hash())

    @property
    def address(self) -> str:
        """How a page addresses the person: "Cô Lê Thị Mẫu"."""
        return f"{self.honorific} {self}".strip()

    @property
    def paper_honorific(self) -> str:
        """How an official paper calls the person: thầy and cô of the school are ông and bà there."""
        return _ON_PAPER.get(self.honorific, self.honorific)

    def memberships_on(self, on: date) -> list["Membership"]:
        """Return the memberships in force on the day `on`; [] for a closed account.

        One query for each instance and day: a request loads its user anew, so a change takes effect on the
        next request.
        """
        if not self.is_active:
            return []
        known: dict[date, list[Membership]] = self.__dict__.setdefault("_memberships_on", {})
        if on not in known:
            known[on] = list(self.memberships.in_force(on).select_related("school", "body"))
        return known[on]


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def in_force(self, on: date) -> Self:
        """Return the memberships whose period holds the day `on`."""
        return self.filter(in_force(on))


class Membership(Dated):
    """Vai trò of a person in one school or one body, or over the installation, for a period."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name="người dùng"
    )
    school = models.ForeignKey(
        School,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="trường",
    )
    body = models.ForeignKey(
        ManagingBody,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="cơ quan",
    )
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    position = models.CharField("chức vụ", max_length=120, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = "vai trò của người dùng"
        verbose_name_plural = "vai trò của người dùng"
        ordering = ["pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=(
                    Q(role__in=roles_at(Place.SCHOOL), school__isnull=False, body__isnull=True)
                    | Q(role__in=roles_at(Place.BODY), school__isnull=True, body__isnull=False)
                    | Q(role__in=roles_at(Place.SITE), school__isnull=True, body__isnull=True)
                ),
                name="plans_membership_place",
                violation_error_message=(
                    "Vai trò của trường cần chọn trường, vai trò của cơ quan cần chọn cơ quan, "
                    "vai trò quản trị không chọn gì."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.school or self.body or 'toàn hệ thống'}"

    @property
    def sees_everything(self) -> bool:
        """Whether the role is held over the whole installation."""
        return ROLES[Role(self.role)].place is Place.SITE

    @property
    def permissions(self) -> frozenset[str]:
        """What the role may do, wherever this membership reaches."""
        return ROLES[Role(self.role)].permissions

    def place_on(self, on: date) -> str:
        """Where the role is held, in words. Reads the prefetched names of the school."""
        if self.school:
            return self.school.name_on(on)
        return self.body.name if self.body else "Toàn hệ thống"


class LoginSession(models.Model):
    """One log-in of a person on one machine, so that they can see it and end it."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="login_sessions", verbose_name="người dùng"
    )
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField("đăng nhập lúc", default=timezone.now)
    address = models.GenericIPAddressField("địa chỉ mạng", null=True, blank=True)
    device = models.CharField("thiết bị", max_length=300, blank=True)

    class Meta:
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} · {self.started_at:%d/%m/%Y %H:%M}"

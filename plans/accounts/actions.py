"""What people do to accounts: open and close them, give and end roles, log in and out.

An account or a role that ends is over with the holder's next request: the session carries no permission of
its own, everything is asked of the rows each time.
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from plans.accounts.models import LoginSession, Membership, User, new_session_stamp
from plans.accounts.roles import Role
from plans.history.actions import client_address, record
from plans.schools.models import ManagingBody, School
from plans.text import nfc

# No session lasts this long; the row only told its owner where they had been.
SESSIONS_KEPT = timedelta(days=30)

# --- accounts ---------------------------------------------------------------------------------------------


@transaction.atomic
def open_account(
    *,
    username: str,
    full_name: str,
    by: User | None,
    email: str = "",
    honorific: str = "",
    password: str | None = None,
    must_change_password: bool = True,
    is_demo: bool = False,
) -> User:
    """Open an account without any role and return it.

    Without a password nobody can log in as them until they ask for one by mail. Raises ValidationError.
    """
    user = User.objects.create_user(
        username,
        password,
        full_name=nfc(full_name),
        email=email,
        honorific=nfc(honorific),
        must_change_password=must_change_password,
        is_demo=is_demo,
    )
    record("account.open", user, by=by)
    return user


@transaction.atomic
def close_account(*, user: User, by: User | None) -> User:
    """Close an account: its sessions end with their next request, its past stays in the record."""
    user.is_active = False
    user.session_stamp = new_session_stamp()
    user.save(update_fields=["is_active", "session_stamp"])
    user.login_sessions.all().delete()
    record("account.close", user, by=by)
    return user


@transaction.atomic
def reopen_account(*, user: User, by: User | None) -> User:
    """Open a closed account again, with the roles that are still in force."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("account.reopen", user, by=by)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None) -> User:
    """Let `user` log in with another password; every session of theirs ends.

    The person's own choice settles a password that had to be changed; one set by somebody else must be.
    """
    user.set_password(password)
    user.must_change_password = by is not None and by.pk != user.pk
    user.save(update_fields=["password", "must_change_password"])
    user.login_sessions.all().delete()
    record("account.password", user, by=by)
    return user


# --- roles ------------------------------------------------------------------------------------------------


@transaction.atomic
def grant(
    *,
    user: User,
    role: Role | str,
    by: User | None,
    school: School | None = None,
    body: ManagingBody | None = None,
    position: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Give `user` a role in a school or a body, or over the installation, and return the membership.

    Both days are inclusive. Raises ValidationError when role and place do not belong together, or when the
    same role in the same place already covers a day of the period.
    """
    membership = Membership(
        user=user,
        role=role,
        school=school,
        body=body,
        position=nfc(position),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    membership.full_clean()
    _refuse_overlap(membership)
    membership.save()
    _forget_memberships(user)
    record("role.grant", membership, by=by, **_where(membership))
    return membership


@transaction.atomic
def revoke(*, membership: Membership, by: User | None, on: date | None = None) -> Membership:
    """End a role: the day `on` (default today) is the first without it. Returns the membership.

    A role that had not begun by then is deleted, since it was never held.
    """
    last = (on or timezone.localdate()) - timedelta(days=1)
    before = {"valid_to": membership.valid_to.isoformat() if membership.valid_to else None}
    record("role.revoke", membership, by=by, before=before, **_where(membership))
    if membership.valid_from is not None and membership.valid_from > last:
        membership.delete()
    else:
        membership.valid_to = last
        membership.full_clean()
        membership.save()
    _forget_memberships(membership.user)
    return membership


def _refuse_overlap(new: Membership) -> None:
    same = Membership.objects.filter(
        user=new.user, role=new.role, school=new.school, body=new.body
    ).order_by("pk")
    if any(_overlap(new, row) for row in same):
        raise ValidationError("Người này đã giữ vai trò đó trong thời gian ấy.")


def _overlap(one: Membership, other: Membership) -> bool:
    begins = max(row.valid_from or date.min for row in (one, other))
    ends = min(row.valid_to or date.max for row in (one, other))
    return begins <= ends


def _forget_memberships(user: User) -> None:
    user.__dict__.pop("_memberships_on", None)


def _where(membership: Membership) -> dict[str, Any]:
    return {"school_id": membership.school_id, "body_id": membership.body_id}


# --- sessions ---------------------------------------------------------------------------------------------


@transaction.atomic
def note_login(*, user: User, session_key: str, device: str) -> LoginSession:
    """Write down that `user` logged in with a session, from the address of this request."""
    record("account.login", user, by=user)
    return keep_session(user=user, session_key=session_key, device=device)


def keep_session(*, user: User, session_key: str, device: str) -> LoginSession:
    """Let `user` see a session in the list of theirs; also for one that goes on under another key.

    Those begun longer ago than any session lasts are forgotten.
    """
    user.login_sessions.filter(started_at__lt=timezone.now() - SESSIONS_KEPT).delete()
    session, _ = LoginSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user": user,
            "started_at": timezone.now(),
            "address": client_address.get(),
            "device": device,
        },
    )
    return session


@transaction.atomic
def note_logout(*, user: User, session_key: str) -> None:
    """Write down that `user` ended a session."""
    LoginSession.objects.filter(user=user, session_key=session_key).delete()
    record("account.logout", user, by=user)


@transaction.atomic
def log_out_everywhere(*, user: User, by: User | None) -> User:
    """End every session of `user`, the one at hand included; each is over with its next request."""
    user.session_stamp = new_session_stamp()
    user.save(update_fields=["session_stamp"])
    user.login_sessions.all().delete()
    record("account.logout_everywhere", user, by=by)
    return user


@transaction.atomic
def note_reset_mail(*, user: User) -> None:
    """Write down that a link for a new password was asked for; nobody knows by whom."""
    record("account.reset_mail", user, by=None)

"""Trao đổi: what people say about the sections and rows of a plan, read for pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.planning.form import SectionKind
from plans.planning.models import Plan, PlanAction
from plans.schools.models import School
from plans.together.models import Comment
from plans.together.naming import Names, first_words

SECTION, ACTION = "muc", "viec"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something can be said: a section ("muc-purpose") or a row ("viec-12")."""

    key: str
    label: str

    @property
    def is_action(self) -> bool:
        """Whether it is a row of the table."""
        return self.key.startswith(f"{ACTION}-")


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said at one place: what is open, oldest first, and how much is solved."""

    place: str
    open: tuple[Comment, ...] = ()
    solved: int = 0

    @property
    def count(self) -> int:
        """How many comments there are in all."""
        return len(self.open) + self.solved


@dataclass(frozen=True, slots=True)
class Talks:
    """All that was said about a plan, by place, and to whom one may speak."""

    by_place: dict[str, Talk]
    people: tuple[User, ...]

    def at(self, place: str) -> Talk:
        """Return what was said at a place; an empty Talk where nothing was."""
        return self.by_place.get(place) or Talk(place)


def place_of(comment: Comment) -> str:
    """Return the key of the place that a comment speaks of."""
    if comment.action_id:
        return f"{ACTION}-{comment.action_id}"
    return f"{SECTION}-{comment.section}"


def comments_of(plan: Plan) -> QuerySet[Comment]:
    """Return a plan's comments with their people, oldest first."""
    people = ("author", "addressed_to", "solved_by")
    return Comment.objects.filter(plan=plan).select_related(*people).order_by("written_at", "pk")


def talks_of(plan: Plan, people: Sequence[User]) -> Talks:
    """Return what was said about a plan; one query."""
    found = list(comments_of(plan))
    solved = Counter(place_of(comment) for comment in found if comment.solved_at)
    waiting: dict[str, list[Comment]] = {}
    for comment in found:
        if comment.solved_at is None:
            waiting.setdefault(place_of(comment), []).append(comment)
    keys = dict.fromkeys([*waiting, *solved])
    return Talks(
        {key: Talk(key, tuple(waiting.get(key, ())), solved[key]) for key in keys}, tuple(people)
    )


def people_of(school: School, on: date | None = None) -> list[User]:
    """Return who holds a role in the school on the day `on` (default today), by name; one query."""
    members = Membership.objects.in_force(on or timezone.localdate()).filter(school=school)
    users = User.objects.filter(is_active=True, pk__in=members.values("user"))
    return list(users.order_by("full_name", "pk"))


def places_of(plan: Plan) -> list[Place]:
    """Return every place of a plan where something can be said, as printed.

    Costs two queries: the school's names and the rows of the table.
    """
    names = Names(plan)
    kinds = {SectionKind.GROUP, SectionKind.FIXED}
    sections = [section for section in plan.spec.walk() if section.kind not in kinds]
    actions = PlanAction.objects.in_print_order().filter(plan=plan)
    return [
        *(Place(f"{SECTION}-{one.key}", names.section(one.key)) for one in sections),
        *(Place(f"{ACTION}-{one.pk}", action_label(one)) for one in actions),
    ]


def action_label(action: PlanAction) -> str:
    """Return what a row is called beside others of its criterion."""
    short = first_words({"measures": action.measures, "subject": action.subject})
    return f"{action}: {short}" if short else str(action)


def waiting_for(user: User, school_ids: Collection[int]) -> list[tuple[Plan, int]]:
    """Return the plans of these schools with how many open comments are addressed to `user`; one query."""
    mine = Q(comments__addressed_to=user, comments__solved_at__isnull=True)
    kept = Q(comments__action__isnull=True) | Q(comments__action__removed_at__isnull=True)
    plans = Plan.objects.filter(school__in=school_ids).select_related("school_year")
    counted = plans.annotate(waiting=Count("comments", filter=mine & kept))
    found = counted.filter(waiting__gt=0).order_by("-school_year__start_year", "pk")
    return [(plan, plan.waiting) for plan in found]

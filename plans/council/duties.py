"""The duties of a council's members as lines for the plan: a proposal, which a person then edits."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from plans.council.models import CouncilMember


def duty_lines(members: Iterable[CouncilMember], seats: Collection[str]) -> str:
    """Return one line a member who sits on one of `seats`; "" when nobody does.

    A seat is "council.chair" (team and part), or "monitoring" for a whole team. A line reads
    "- Lê Thị Mẫu Đơn, Hiệu trưởng, Chủ tịch: chỉ đạo chung." with whatever of it is known.
    """
    chosen = (m for m in members if m.team in seats or f"{m.team}.{m.part}" in seats)
    return "\n".join(_line(member) for member in chosen)


def _line(member: CouncilMember) -> str:
    part = str(member.get_part_display())
    who = ", ".join(text for text in (member.full_name, member.position, part) if text)
    duty = member.duty.strip().rstrip(".;")
    return f"- {who}: {duty}." if duty else f"- {who}."

"""Two versions of a plan of 100 rows side by side, every row changed, beside the list of changes and a quiet poll."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from plans.history.models import Event
from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from tests.bench.harness import Table, compare
from tests.bench.plans import plan_of

ROWS = 100


def bench(rounds: int) -> Iterable[Table]:
    """Yield the times of the pages; raises where one does not answer as it should."""
    plan, principal = plan_of(ROWS)
    for action in PlanAction.objects.filter(plan=plan).select_related("plan", "criterion"):
        values = {
            "measures": action.measures.replace("thiết bị", "thiết bị dạy học")
            + " Xong trước Tết.",
            "current_state": action.current_state.replace("một nửa", "hai phần ba"),
            "lead": "Phó hiệu trưởng",
        }
        actions.save_action(action=action, values=values, version=action.version, by=principal)
    client = Client()
    client.force_login(principal, backend="plans.accounts.backend.MembershipBackend")
    first = Event.objects.filter(action="planaction.change").earliest("pk")
    pages = {name: reverse(f"together:{name}", args=[plan.pk]) for name in ("compare", "history")}
    yield compare(
        f"versions of a plan of {ROWS} rows, all changed",
        {
            "nothing new (204)": lambda: _nothing_new(client, plan),
            "list of changes": lambda: _page(client, pages["history"]),
            "two versions side by side": lambda: _page(
                client, f"{pages['compare']}?cu={first.pk}", "kcl-changed"
            ),
        },
        rounds=rounds,
    )


def _page(client: Client, url: str, holds: str = "") -> HttpResponse:
    answer = client.get(url)
    if answer.status_code != 200 or holds not in answer.content.decode():
        raise AssertionError(f"{url} answered {answer.status_code}")
    return answer


def _nothing_new(client: Client, plan: Plan) -> HttpResponse:
    since = Plan.objects.get(pk=plan.pk).changed_at.isoformat()
    answer = client.get(reverse("together:news", args=[plan.pk]), {"since": since})
    if answer.status_code != 204:
        raise AssertionError(f"a quiet poll answered {answer.status_code}")
    return answer

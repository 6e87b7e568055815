"""All addresses of the program, every one behind its row of the policy table."""

from django.urls import include, path

from plans.web.access import guarded
from plans.web.health import health, ready

urlpatterns = [
    *guarded("", [path("healthz", health, name="health"), path("readyz", ready, name="ready")]),
    path("", include("plans.web.overview.urls")),
    path("", include("plans.web.accounts.urls")),
    path("", include("plans.web.schools.urls")),
    path("", include("plans.web.history.urls")),
    path("", include("plans.web.campaigns.urls")),
    path("", include("plans.web.planning.urls")),
    path("", include("plans.web.issuing.urls")),
    path("", include("plans.web.starting.urls")),
    path("", include("plans.web.council.urls")),
    path("", include("plans.web.legal.urls")),
    path("", include("plans.web.assessing.urls")),
    path("", include("plans.web.together.urls")),
    path("", include("plans.web.formats.urls")),
    path("", include("plans.web.public.urls")),
    path("", include("plans.web.notices.urls")),
    path("", include("plans.web.jobs.urls")),
    path("", include("plans.web.handover.urls")),
    path("", include("plans.web.signing.urls")),
    path("", include("plans.web.submitting.urls")),
    path("", include("plans.web.inspecting.urls")),
    path("", include("plans.web.visits.urls")),
    path("", include("plans.web.checklists.urls")),
    path("", include("plans.web.replies.urls")),
    path("", include("plans.web.minutes.urls")),
    path("", include("plans.web.followups.urls")),
]

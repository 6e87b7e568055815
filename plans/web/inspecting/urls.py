"""Addresses of the planning of visits."""

from django.urls import path

from plans.web.access import guarded
from plans.web.inspecting import campaigns, choosing, days, people, single

app_name = "inspecting"

urlpatterns = guarded(
    app_name,
    [
        path("kiem-tra/truong/<int:school>/", single.add, name="single"),
        path("kiem-tra/dot/", campaigns.campaign_list, name="campaigns"),
        path("kiem-tra/dot/co-quan/<int:body>/moi/", campaigns.add, name="add"),
        path("kiem-tra/dot/<int:visits>/", campaigns.campaign_page, name="campaign"),
        path("kiem-tra/dot/<int:visits>/sua/", campaigns.change, name="change"),
        path("kiem-tra/dot/<int:visits>/bat-dau/", campaigns.start, name="start"),
        path("kiem-tra/dot/<int:visits>/ket-thuc/", campaigns.close, name="close"),
        path("kiem-tra/dot/<int:visits>/thanh-vien/", people.members, name="members"),
        path(
            "kiem-tra/dot/<int:visits>/thanh-vien/<int:campaign_member>/bo/",
            people.member_remove,
            name="member_remove",
        ),
        path("kiem-tra/dot/<int:visits>/truong/", choosing.schools, name="schools"),
        path("kiem-tra/dot/<int:visits>/rut-tham/", choosing.draw_page, name="draw"),
        path("kiem-tra/dot/<int:visits>/lich/", days.calendar, name="calendar"),
        path("kiem-tra/dot/<int:visits>/lich/<int:school>/", days.day, name="day"),
        path("kiem-tra/<int:inspection>/doi-lich/", single.reschedule, name="reschedule"),
        path("kiem-tra/<int:inspection>/huy/", single.cancel, name="cancel"),
        path("kiem-tra/<int:inspection>/to/", people.team, name="team"),
        path(
            "kiem-tra/<int:inspection>/to/<int:team_member>/rut/",
            people.team_remove,
            name="team_remove",
        ),
        path(
            "kiem-tra/<int:inspection>/to/<int:team_member>/to-truong/",
            people.team_lead,
            name="team_lead",
        ),
    ],
)

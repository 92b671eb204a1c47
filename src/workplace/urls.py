"""Every address of the workplace, one line an app."""

from django.urls import include, path

urlpatterns = [
    path("", include("workplace.desk.urls")),
    path("accounts/", include("workplace.people.urls")),
    path("login/", include("workplace.people.login_urls")),
    path("units/", include("workplace.tree.urls")),
    path("events/", include("workplace.events.urls")),
    path("work/", include("workplace.jobs.urls")),
    path("records/", include("workplace.records.urls")),
    path("rounds/", include("workplace.rounds.urls")),
    path("sending/", include("workplace.sending.urls")),
    path("approval/", include("workplace.approval.urls")),
    path("evidence/", include("workplace.evidence.urls")),
    path("figures/", include("workplace.editions.urls")),
    path("meetings/", include("workplace.meetings.urls")),
    path("", include("workplace.web.urls")),
]

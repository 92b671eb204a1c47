"""Addresses of the auditor's pages."""

from django.urls import path

from workplace.events import views

app_name = "events"
urlpatterns = [
    path("", views.Events.as_view(), name="list"),
    path("export/<slug:form>/", views.Export.as_view(), name="export"),
]

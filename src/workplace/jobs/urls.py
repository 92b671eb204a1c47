"""Addresses of this app's pages."""

from django.urls import path

from workplace.jobs.views import JobList

app_name = "jobs"
urlpatterns = [path("", JobList.as_view(), name="list")]

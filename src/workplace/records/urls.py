"""Addresses of this app's pages."""

from django.urls import path

from workplace.records import export_views, views

app_name = "records"
urlpatterns = [
    path("", views.ListPage.as_view(), name="list"),
    path("export/", export_views.ExportPage.as_view(), name="export"),
    path("<int:pk>/", views.RecordPage.as_view(), name="record"),
]

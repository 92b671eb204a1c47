"""Addresses of this app's pages."""

from django.urls import path

from workplace.evidence import views

app_name = "evidence"
urlpatterns = [
    path("record/<int:pk>/", views.OfRecord.as_view(), name="of_record"),
    path("<int:pk>/", views.Show.as_view(), name="show"),
    path("<int:pk>/file", views.Content.as_view(), name="content"),
    path("<int:pk>/small", views.Thumbnail.as_view(), name="thumbnail"),
    path("<int:pk>/original", views.Original.as_view(), name="original"),
    path("<int:pk>/redact/", views.Redact.as_view(), name="redact"),
    path("<int:pk>/remove", views.Remove.as_view(), name="remove"),
]

"""Addresses of the desk."""

from django.urls import path

from workplace.desk import views

app_name = "desk"
urlpatterns = [path("", views.Home.as_view(), name="home")]

"""Addresses of the pages on the tree of units."""

from django.urls import URLPattern

app_name = "units"
urlpatterns: list[URLPattern] = []

"""Addresses of the page furniture."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from workplace.web import views

app_name = "web"
urlpatterns = [
    path("language/", login_not_required(views.ChooseLanguage.as_view()), name="language"),
    path("theme/", login_not_required(views.ChooseTheme.as_view()), name="theme"),
]

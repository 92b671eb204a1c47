"""The first page after signing in: what is to be done, as cards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View


class Home(View):
    """The desk of whoever signed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "desk/home.html")

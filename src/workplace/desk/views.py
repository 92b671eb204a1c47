"""The first page after signing in: what is to be done, as cards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import View

from workplace.web.registry import desk_cards


class Home(View):
    """The desk of whoever signed in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cards = [
            {
                "title": card.title,
                "body": render_to_string(card.template, dict(card.context), request),
            }
            for card in desk_cards(request)
        ]
        return render(request, "desk/home.html", {"cards": cards})

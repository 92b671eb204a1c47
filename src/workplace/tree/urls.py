"""Addresses of the pages on the tree of units."""

from django.urls import path

from workplace.tree import views

app_name = "units"
urlpatterns = [
    path("", views.Tree.as_view(), name="tree"),
    path("file/", views.TakeOverTree.as_view(), name="take_over"),
    path("file/<int:pk>/", views.Draft.as_view(), name="draft"),
    path("change/<slug:kind>/", views.ChangeTree.as_view(), name="change"),
    path("unit/<str:code>/", views.UnitPage.as_view(), name="unit"),
    path("unit/<str:code>/below/", views.Below.as_view(), name="below"),
]

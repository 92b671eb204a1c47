"""Addresses of this app's pages."""

from django.urls import path

from workplace.editions import preview_views, views

app_name = "figures"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("unit/<str:code>/", views.UnitFigures.as_view(), name="unit"),
    path("unit/<str:code>/below/<slug:indicator>/", views.Compare.as_view(), name="compare"),
    path(
        "unit/<str:code>/proof/<slug:indicator>/<str:period>/",
        views.ShowProof.as_view(), name="proof",
    ),
    path(
        "unit/<str:code>/proof/<slug:indicator>/<str:period>/export",
        views.ExportProof.as_view(), name="proof_export",
    ),
    path("unit/<str:code>/report/", preview_views.MakeDocument.as_view(), name="make_document"),
    path(
        "unit/<str:code>/report/<int:pk>/", preview_views.ShowDocument.as_view(), name="document"
    ),
    path(
        "unit/<str:code>/report/<int:pk>/<slug:ending>",
        preview_views.TakeDocument.as_view(), name="document_file",
    ),
    path("previews/", preview_views.Previews.as_view(), name="previews"),
    path("previews/<int:pk>/", preview_views.ShowPreview.as_view(), name="preview"),
    path("previews/<int:pk>/edition.zip", preview_views.TakePreview.as_view(), name="take"),
]  # fmt: skip

"""Addresses of the web forms; sending/urls.py includes them."""

from django.urls import path

from workplace.sending import (
    entry_choosers,
    entry_edit,
    entry_list,
    entry_rows,
    review,
    review_register,
)

urlpatterns = [
    path("returns/<int:pk>/", entry_list.FormPage.as_view(), name="form"),
    path("returns/<int:pk>/answer/", entry_list.AnswerPage.as_view(), name="answer"),
    path("returns/<int:pk>/new/", entry_edit.EntryPage.as_view(), name="entry"),
    path("returns/<int:pk>/new/draft/", entry_edit.DraftPage.as_view(), name="entry_draft"),
    path(
        "returns/<int:pk>/records/<int:record>/",
        entry_edit.EntryPage.as_view(),
        name="entry_change",
    ),
    path(
        "returns/<int:pk>/records/<int:record>/draft/",
        entry_edit.DraftPage.as_view(),
        name="entry_change_draft",
    ),
    path(
        "returns/<int:pk>/records/<int:record>/withdraw/",
        entry_edit.WithdrawPage.as_view(),
        name="entry_withdraw",
    ),
    path("returns/<int:pk>/rows/", entry_rows.RowsPage.as_view(), name="entry_rows"),
    path("returns/<int:pk>/review/", review.ReviewPage.as_view(), name="review"),
    path("returns/<int:pk>/flags/<slug:flag>/", review.FlagPage.as_view(), name="flag"),
    path("returns/<int:pk>/receipt/", review.ReceiptPage.as_view(), name="receipt"),
    path("register/<str:unit>/", review_register.RegisterPage.as_view(), name="register"),
    path("returns/<int:pk>/units/", entry_choosers.UnitsPage.as_view(), name="units"),
]

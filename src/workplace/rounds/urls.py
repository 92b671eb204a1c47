"""Addresses of this app's pages."""

from django.urls import path

from workplace.rounds.pages.answering import MoreTime, Nil, NotApplicable, ReturnPage
from workplace.rounds.pages.board import BoardPage, BoardPart
from workplace.rounds.pages.extending import Decide, Wishes
from workplace.rounds.pages.listing import RoundList
from workplace.rounds.pages.opening import Close, Prepare, Widen
from workplace.rounds.pages.reminding import Remind
from workplace.rounds.pages.reports import PunctualityPage, PunctualityWorkbook, ReceiptsFile
from workplace.rounds.pages.unit import UnitPage, Workbook

app_name = "rounds"
urlpatterns = [
    path("", RoundList.as_view(), name="list"),
    path("new/", Prepare.as_view(), name="prepare"),
    path("drafts/<int:pk>/", Prepare.as_view(), name="draft"),
    path("time/", Wishes.as_view(), name="wishes"),
    path("time/<int:pk>/", Decide.as_view(), name="decide"),
    path("returns/<int:pk>/", ReturnPage.as_view(), name="return"),
    path("returns/<int:pk>/nothing/", Nil.as_view(), name="nil"),
    path("returns/<int:pk>/not-applicable/", NotApplicable.as_view(), name="not_applicable"),
    path("returns/<int:pk>/more-time/", MoreTime.as_view(), name="more_time"),
    path("<int:pk>/", BoardPage.as_view(), name="board"),
    path("<int:pk>/board/", BoardPart.as_view(), name="board_part"),
    path("<int:pk>/more/", Widen.as_view(), name="widen"),
    path("<int:pk>/close/", Close.as_view(), name="close"),
    path("<int:pk>/remind/", Remind.as_view(), name="remind"),
    path("<int:pk>/punctuality/", PunctualityPage.as_view(), name="punctuality"),
    path("<int:pk>/punctuality.xlsx", PunctualityWorkbook.as_view(), name="punctuality_workbook"),
    path("<int:pk>/receipts.csv", ReceiptsFile.as_view(), name="receipts"),
    path("<int:pk>/units/<str:code>/", UnitPage.as_view(), name="unit"),
    path("<int:pk>/units/<str:code>/workbook.xlsx", Workbook.as_view(), name="workbook"),
]

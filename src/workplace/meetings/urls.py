"""Addresses of this app's pages."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from workplace.meetings.views import actions, agenda, calendars, duties, keeping, meetings

app_name = "meetings"
urlpatterns = [
    path("", meetings.MeetingList.as_view(), name="list"),
    path("call/", meetings.CallMeeting.as_view(), name="call"),
    path("<int:pk>/", meetings.ShowMeeting.as_view(), name="meeting"),
    path("<int:pk>/print/", meetings.PrintMeeting.as_view(), name="print"),
    path("<int:pk>/change/", meetings.ChangeMeeting.as_view(), name="change"),
    path("<int:pk>/hold/", meetings.HoldMeeting.as_view(), name="hold"),
    path("<int:pk>/cancel/", meetings.CancelMeeting.as_view(), name="cancel"),
    path("<int:pk>/items/", agenda.AddItem.as_view(), name="add_item"),
    path("items/<int:pk>/", agenda.ChangeItem.as_view(), name="item"),
    path("items/<int:pk>/move/", agenda.MoveItem.as_view(), name="move_item"),
    path("items/<int:pk>/postpone/", agenda.PostponeItem.as_view(), name="postpone_item"),
    path("items/<int:pk>/withdraw/", agenda.WithdrawItem.as_view(), name="withdraw_item"),
    path("items/<int:pk>/outcomes/", agenda.WriteOutcome.as_view(), name="write_outcome"),
    path("outcomes/<int:pk>/", agenda.CorrectOutcome.as_view(), name="outcome"),
    path("actions/", actions.ActionList.as_view(), name="actions"),
    path("actions/<int:pk>/", actions.ShowAction.as_view(), name="action"),
    path("actions/<int:pk>/progress/", actions.ReportProgress.as_view(), name="progress"),
    path("actions/<int:pk>/done/", actions.ReportDone.as_view(), name="done"),
    path("actions/<int:pk>/close/", actions.CloseAction.as_view(), name="close"),
    path("actions/<int:pk>/send-back/", actions.SendBackAction.as_view(), name="send_back"),
    path("actions/<int:pk>/withdraw/", actions.WithdrawAction.as_view(), name="withdraw"),
    path("actions/<int:pk>/evidence/", actions.Attach.as_view(), name="attach"),
    path("calendars/", calendars.Calendars.as_view(), name="calendars"),
    path("calendars/<int:pk>/revoke/", calendars.RevokeCalendar.as_view(), name="revoke_calendar"),
    # a phone that subscribes holds no session: the token in the path is all it has
    path(
        "calendars/<str:token>.ics",
        login_not_required(calendars.ShowCalendar.as_view()),
        name="calendar",
    ),
    path("kept-here/", keeping.KeptHere.as_view(), name="kept_here"),
    path("kept-here/new/", keeping.KeepHere.as_view(), name="keep_here"),
    path("kept-here/<int:pk>/end/", keeping.AskAgain.as_view(), name="ask_again"),
    path("duties/", duties.DutyList.as_view(), name="duties"),
    path("duties/new/", duties.SetOutDuty.as_view(), name="set_out_duty"),
    path("duties/<int:pk>/", duties.ChangeDuty.as_view(), name="duty"),
    path("duties/<int:pk>/withdraw/", duties.WithdrawDuty.as_view(), name="withdraw_duty"),
    path("duties/parts/<int:pk>/", duties.BreakDown.as_view(), name="break_down"),
]

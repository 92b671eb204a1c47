"""Meetings, what they decided, the actions that follow, duties, and calendars to subscribe to."""

from workplace.meetings.models.action import Action, ActionProgress, Step
from workplace.meetings.models.agenda import AgendaItem, Off, Outcome, OutcomeKind
from workplace.meetings.models.calendar import Calendar
from workplace.meetings.models.duty import Duty, DutyPart, Part, Tier
from workplace.meetings.models.meeting import Meeting, MeetingChange, MeetingState

__all__ = [
    "Action",
    "ActionProgress",
    "AgendaItem",
    "Calendar",
    "Duty",
    "DutyPart",
    "Meeting",
    "MeetingChange",
    "MeetingState",
    "Off",
    "Outcome",
    "OutcomeKind",
    "Part",
    "Step",
    "Tier",
]

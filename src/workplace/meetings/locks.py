"""Loading what is about to be changed, so that writers at one unit come one after the other.

The unit is locked first, then the row: always in this order, so that two never wait for each other.
"""

from workplace.meetings.models import Action, Meeting
from workplace.rounds.refusals import ChangedMeanwhile
from workplace.units.models import Unit


def lock_unit(code: str) -> None:
    """Nobody else numbers, fills or counts at the unit until this transaction ends."""
    Unit.objects.select_for_update().get(pk=code)


def locked_meeting(meeting: Meeting, version: int | None = None) -> Meeting:
    """The meeting as it is now. Raises: ChangedMeanwhile where it is not at `version`."""
    lock_unit(meeting.unit_id)
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if version is not None and current.version != version:
        raise ChangedMeanwhile
    return current


def locked_action(action: Action, version: int | None = None) -> Action:
    """The action as it is now. Raises: ChangedMeanwhile where it is not at `version`."""
    lock_unit(action.unit_id)
    current = Action.objects.select_for_update().get(pk=action.pk)
    if version is not None and current.version != version:
        raise ChangedMeanwhile
    return current

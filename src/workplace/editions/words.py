"""What the engine's codes are called on pages."""

from django.utils.translation import gettext_lazy as _

from shuzhi.figures.model import FigureState
from shuzhi.reports.outcomes import PromiseOutcome
from shuzhi.reports.overview import PeerBand, Peers

# The four kinds of nothing, each with what it means.
NOTHINGS = {
    FigureState.NOT_REPORTED: (_("not reported"), _("It was asked for, and nobody answered.")),
    FigureState.NOT_ASKED: (_("not asked"), _("Nobody here was asked for it.")),
    FigureState.NOT_APPLICABLE: (
        _("not applicable"),
        _("The unit said that it does not apply, or there is nothing to divide by."),
    ),
}
ZERO = (_("0"), _("A value: everybody answered, and there was none."))

OUTCOMES = {
    PromiseOutcome.KEPT: (_("kept"), "green"),
    PromiseOutcome.LATE: (_("kept late"), "yellow"),
    PromiseOutcome.PARTLY: (_("kept in part"), "yellow"),
    PromiseOutcome.NOT: (_("not kept"), "red"),
    PromiseOutcome.WITHDRAWN: (_("withdrawn"), "grey"),
    PromiseOutcome.UNKNOWN: (_("cannot be judged"), "grey"),
}

BANDS = {
    PeerBand.ABOVE: _("above the middle half"),
    PeerBand.AMONG: _("within the middle half"),
    PeerBand.BELOW: _("below the middle half"),
}


def band_label(peers: Peers) -> str:
    """Where a figure stands among its peers."""
    return str(BANDS[peers.band])

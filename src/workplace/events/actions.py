"""What can be on record: each action with the sentence that tells it to a person."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Filled in by apps when they are loaded: "app.verb_in_the_past" → sentence with named facts.
_sentences: dict[str, Promise] = {}


def register_actions(sentences: Mapping[str, Promise]) -> None:
    """Make actions known. Called by an app's `ready()`; a name is given once."""
    for action, sentence in sentences.items():
        assert _sentences.get(action, sentence) == sentence, f"{action} is named twice"
        _sentences[action] = sentence


def sentence_of(action: str) -> Promise | str:
    """How an action reads; its name where nobody has registered it."""
    return _sentences.get(action, action)


def known_actions() -> Mapping[str, Promise]:
    """All actions, by name."""
    return dict(sorted(_sentences.items()))


register_actions(
    {
        "events.exported": _("exported %(count)s events as %(format)s"),
        "events.viewed_personal_data": _("was shown personal data of %(about)s: %(why)s"),
        "events.checked": _(
            "checked %(count)s events; changed behind the program's back: %(wrong)s"
        ),
    }
)

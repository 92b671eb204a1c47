"""What cannot be done to a round or a return, said in a sentence to whoever tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An act that the state of things does not allow. Its text is shown as it is."""

    def __init__(self, sentence: str | Promise) -> None:
        self.sentence = sentence
        super().__init__(sentence)

    def __str__(self) -> str:
        return str(self.sentence)


class ChangedMeanwhile(Refused):
    """Somebody else changed it between the reading and the writing."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this in the meantime. Look at it again, then decide.")
        )

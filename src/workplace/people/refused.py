"""What the rules of this office do not allow, in a sentence for the person who asked."""


class Refused(Exception):  # noqa: N818 — it is a refusal, not a fault
    """The sentence is the message."""

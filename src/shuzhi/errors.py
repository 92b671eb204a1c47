"""The errors a user can mend. Anything else is a bug and keeps its traceback."""


class UserError(Exception):
    """Wrong use of a command. Exit code 2.

    The message says where, what is wrong and what to do, in one or two lines.
    """

    exit_code = 2


class InputRefused(UserError):
    """An input (source folder, edition, document) that cannot be worked on. Exit code 3."""

    exit_code = 3


class PackRefused(UserError):
    """A pack that does not hold together, or that asks for what Shuzhi will not do. Exit code 3.

    Carries every complaint found, not only the first.
    """

    exit_code = 3

    def __init__(self, complaints: list[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(complaints))

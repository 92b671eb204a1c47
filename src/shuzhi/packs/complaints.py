"""What is wrong with a pack, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Complaint:
    """`file` is relative to the pack; `key` is the path inside it ('' for the whole file)."""

    file: str
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.what}; {self.remedy}"

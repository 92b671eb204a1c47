"""What evidence is called outside: in a record's own column, in folders, in downloads."""

import re
from pathlib import PurePosixPath

from workplace.evidence.models import Evidence

# Apart from what file systems refuse: ; stands between the names in a record's column.
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|;；]+')
_LONGEST = 80  # characters; a name of 85 Chinese ones is too long for some file systems


def name_outside(evidence: Evidence) -> str:
    """A name that no other evidence has, with the ending that its content has earned."""
    return f"{evidence.pk}-{download_name(evidence)}"


def download_name(evidence: Evidence) -> str:
    """The name it was given, made safe, with the ending that its content has earned."""
    given = PurePosixPath(_NOT_IN_NAMES.sub("_", evidence.name).strip(" .") or "evidence")
    ending = evidence.file.ending or given.suffix
    return given.stem[:_LONGEST].strip(" .") + ending

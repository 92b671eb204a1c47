"""Evidence as files in a folder, where the engine's checks on photos look for it."""

from collections.abc import Iterable
from pathlib import Path

from PIL import ExifTags, Image

from workplace.evidence.files import read_bytes
from workplace.evidence.models import Evidence
from workplace.evidence.naming import name_outside
from workplace.records.models import Record

FOLDER = "evidence"
_JPEG_BEGINS = b"\xff\xd8"
_AT_ONCE = 500


def write_evidence_folder(records: Iterable[Record], folder: Path) -> int:
    """Write what is attached to the records into FOLDER below `folder`; how many files.

    Each has the name that the record's evidence column has. What was covered is written covered.
    Photos get back the day they were taken, and nothing else of what the camera wrote.
    """
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    keys = [record.pk for record in records]
    written = 0
    for start in range(0, len(keys), _AT_ONCE):
        attached = Evidence.objects.present().filter(record__in=keys[start : start + _AT_ONCE])
        for evidence in attached.select_related("file", "shown"):
            if not evidence.deleted:
                (target / name_outside(evidence)).write_bytes(_content(evidence))
                written += 1
    return written


def _content(evidence: Evidence) -> bytes:
    content = read_bytes(evidence.seen_file.stored_as)
    if evidence.taken_on is None or not content.startswith(_JPEG_BEGINS):
        return content
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = (
        f"{evidence.taken_on:%Y:%m:%d} 12:00:00"
    )
    said = exif.tobytes()
    segment = b"\xff\xe1" + (len(said) + 2).to_bytes(2, "big") + said
    return _JPEG_BEGINS + segment + content[len(_JPEG_BEGINS) :]

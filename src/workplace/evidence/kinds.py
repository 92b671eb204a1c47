"""What a file is by its content, whatever its name says; only few kinds are taken."""

from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType

import puremagic
from django.utils.translation import gettext_lazy as _

from shuzhi.ledgers.limits import FileRefused, unpack_entries
from workplace.evidence.limits import FileNotTaken

IMAGES = MappingProxyType({"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"})
PDF = "application/pdf"
_OLE = "application/x-ole-storage"
_OLE_BEGINS = bytes.fromhex("d0cf11e0a1b11ae1")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# What the main part of a package says it is → the kind and the ending of its name.
# Those with macros call themselves otherwise, and are not taken.
_PACKAGES = MappingProxyType(
    {
        f"{_OFFICE}wordprocessingml.document.main+xml": (
            f"{_OFFICE}wordprocessingml.document", ".docx",
        ),
        f"{_OFFICE}spreadsheetml.sheet.main+xml": (f"{_OFFICE}spreadsheetml.sheet", ".xlsx"),
        f"{_OFFICE}presentationml.presentation.main+xml": (
            f"{_OFFICE}presentationml.presentation", ".pptx",
        ),
        f"{_OPEN}text": (f"{_OPEN}text", ".odt"),
        f"{_OPEN}spreadsheet": (f"{_OPEN}spreadsheet", ".ods"),
    }
)  # fmt: skip
_OLE_ENDINGS = (".xls", ".doc", ".ppt", ".et", ".wps", ".dps")
_SAYS_WHAT_IT_IS = ("[Content_Types].xml", "META-INF/manifest.xml")


@dataclass(frozen=True)
class Kind:
    """A MIME type, and how the name of such a file ends."""

    mime: str
    ending: str

    @property
    def is_image(self) -> bool:
        """Whether a browser may show it in a page."""
        return self.mime in IMAGES


def kind_of(content: bytes, name: str) -> Kind:
    """What the content is. `name` only chooses among the old office formats, which look alike.

    Raises: FileNotTaken for what is not taken as evidence.
    """
    if content.startswith(_OLE_BEGINS):
        for ending in _OLE_ENDINGS:
            if name.lower().endswith(ending):
                return Kind(_OLE, ending)
        raise _not_taken()
    if content.startswith(b"PK\x03\x04"):
        return _package(content)
    found = _mime_types(content)
    for mime, ending in (*IMAGES.items(), (PDF, ".pdf")):
        if mime in found:
            return Kind(mime, ending)
    raise _not_taken()


def ending_of(mime: str) -> str:
    """How the name of such a file ends; "" for old office formats, which only a name tells."""
    endings = {**IMAGES, PDF: ".pdf", **dict(_PACKAGES.values())}
    return endings.get(mime, "")


def _mime_types(content: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


def _package(content: bytes) -> Kind:
    try:
        parts = unpack_entries(BytesIO(content), len(content))
    except FileRefused as refusal:
        raise FileNotTaken(
            _("The file is damaged, encrypted or unpacks to too much. Save it anew and try again.")
        ) from refusal
    said = b"".join(parts.get(part, b"") for part in _SAYS_WHAT_IT_IS).decode("utf-8", "replace")
    for main, (mime, ending) in _PACKAGES.items():
        if f'"{main}"' in said:
            return Kind(mime, ending)
    raise _not_taken()


def _not_taken() -> FileNotTaken:
    return FileNotTaken(
        _(
            "Only photos (JPEG, PNG, WebP), PDF and office files without macros are taken. "
            "Save the file as one of these and send it again."
        )
    )

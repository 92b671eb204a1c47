"""Photos made anew: the right way up, without what the camera wrote into them."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageDraw, ImageOps

from workplace.evidence.limits import LONGEST_SIDE, THUMBNAIL_SIDE, FileNotTaken, check_pixels

_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 88
_THUMBNAIL_QUALITY = 80
_COVER = (32, 32, 32)
_FIRST_DIGITAL = 1995  # a camera whose clock was never set says 1970, 1980 or 1990


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept. `taken_on` is the day that the camera wrote into it, if it did."""

    content: bytes
    width: int
    height: int
    taken_on: date | None = None


@dataclass(frozen=True)
class Rectangle:
    """A part of a picture, in parts of its width and height from the upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        inside = 0 <= self.left < 1 and 0 <= self.top < 1
        if not inside or self.width <= 0 or self.height <= 0:
            raise ValueError(f"{self} lies outside the picture or covers nothing")


def make_anew(content: bytes) -> Picture:
    """The picture the right way up, at most LONGEST_SIDE long, with nothing but its pixels.

    Size is read from the header and held against the limit before anything is decoded.
    Raises: FileNotTaken for what is damaged or too large.
    """
    with _opened(content) as picture:
        taken_on = _day_taken(picture)
        kind = picture.format or "JPEG"
        # a JPEG is decoded at a half or a quarter where that is large enough
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = _plain(ImageOps.exif_transpose(picture), kind)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return Picture(_encoded(upright, kind, _QUALITY), *upright.size, taken_on)


def make_thumbnail(content: bytes) -> bytes:
    """A small JPEG of the picture."""
    with _opened(content) as picture:
        picture.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        small = _plain(picture, "JPEG")
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        return _encoded(small, "JPEG", _THUMBNAIL_QUALITY)


def cover(content: bytes, rectangles: Iterable[Rectangle]) -> Picture:
    """The picture with the rectangles painted over: what was there is in no byte of it."""
    with _opened(content) as picture:
        kind = picture.format or "JPEG"
        painted = _plain(picture, kind)
        draw = ImageDraw.Draw(painted)
        for part in rectangles:
            left, top = int(part.left * painted.width), int(part.top * painted.height)
            right = -(-(part.left + part.width) * painted.width // 1)
            bottom = -(-(part.top + part.height) * painted.height // 1)
            draw.rectangle((left, top, right, bottom), fill=_COVER)
        return Picture(_encoded(painted, kind, _QUALITY), *painted.size)


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    try:
        # Pillow warns of damage, and of sizes that MAX_PIXELS bounds
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(BytesIO(content), formats=_FORMATS) as picture,
        ):
            check_pixels(*picture.size)
            yield picture
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileNotTaken(
            _("The picture is damaged. Take or save it again, and send that.")
        ) from error


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """The pixels alone: no profile, comment, text or place in `info` to be written again."""
    has_alpha = kind != "JPEG" and picture.has_transparency_data
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    plain.info = {}
    return plain


def _encoded(picture: Image.Image, kind: str, quality: int) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        picture.save(out, "PNG", optimize=False)
    else:
        picture.save(out, kind, quality=quality)
    return out.getvalue()


def _day_taken(picture: Image.Image) -> date | None:
    details = picture.getexif().get_ifd(ExifTags.IFD.Exif)
    for tag in (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized):
        try:
            day = datetime.strptime(str(details.get(tag, ""))[:10], "%Y:%m:%d").date()
        except ValueError:
            continue
        if day.year >= _FIRST_DIGITAL:
            return day
    return None

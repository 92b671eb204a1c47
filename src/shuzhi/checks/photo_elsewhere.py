"""A photo that says it was taken on another day, or at another place, than its record.

Cameras and phones write day and place into a photo, if its owner lets them. Where they did not,
nothing is known and nothing is asked. A place is held against that of the venue, here and now; it
is not kept, printed or compared with any other.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PIL import ExifTags, Image

from shuzhi.checks.photos import Use, look_at, photo_uses, read_photo
from shuzhi.checks.rule import Case, Check, Doubt, setting
from shuzhi.ledgers.model import RECORD_ID
from shuzhi.packs.model import Text
from shuzhi.packs.section import Section

_EARTH_KM = 6371.0
_FIRST_DIGITAL = 1995  # a camera whose clock was never set says 1970, 1980 or 1990


@dataclass(frozen=True)
class VenuePlaces:
    """Records of `table` name in `by` a record of `place_table` whose `key` it is, and whose
    `latitude` and `longitude` are degrees."""

    table: str
    by: str
    place_table: str
    key: str
    latitude: str
    longitude: str


@dataclass(frozen=True)
class PhotoElsewhereSettings:
    days: int = setting(
        "So many days may lie between the photo's day and the record's.",
        lambda section, key: section.integer(key, least=0, most=366),
    )
    km: float = setting(
        "So many kilometres may lie between the photo's place and the venue's.",
        lambda section, key: section.decimal(key, least=0, most=20_000),
    )
    places: tuple[VenuePlaces, ...] = setting(
        "Entries { table, by, key, latitude, longitude } where venues have coordinates: `by` is "
        "the column that names the venue; `key`, `latitude` and `longitude` are columns of the "
        "venues, written `table.column`. Empty where no table has any.",
        lambda section, key: section.each(key, _read_places),
    )
    max_pixels: int = setting(
        "Larger pictures are not opened.",
        lambda section, key: section.integer(key, least=10_000, most=200_000_000),
    )
    max_bytes: int = setting(
        "Larger files are not read.",
        lambda section, key: section.integer(key, least=10_000, most=200_000_000),
    )


class _Taken(NamedTuple):
    """What a photo says of itself. Missing: None."""

    day: date | None
    place: tuple[float, float] | None  # degrees north, degrees east


def _read_places(section: Section) -> VenuePlaces:
    section.refuse_unknown(("table", "by", "key", "latitude", "longitude"))
    table = section.table("table")
    place_table, key = section.column_path("key")
    _, latitude = section.column_path("latitude")
    _, longitude = section.column_path("longitude")
    by = section.column_of("by", table)
    return VenuePlaces(table, by, place_table, key, latitude, longitude)


def _find(case: Case, settings: PhotoElsewhereSettings) -> Iterator[Doubt]:
    if case.source is None:
        return
    venues = {places.table: _venues(case, places) for places in settings.places}
    for path, uses in photo_uses(case, case.source).items():
        taken = _read(path, settings)
        for use in uses:
            yield from _of_day(use, taken, settings)
            venue = venues.get(use.table, {}).get(use.record)
            if taken.place and venue:
                yield from _of_place(use, _distance_km(taken.place, venue), settings)


def _of_day(use: Use, taken: _Taken, settings: PhotoElsewhereSettings) -> Iterator[Doubt]:
    if taken.day is None or use.day is None:
        return
    apart = abs((taken.day - use.day).days)
    if apart > settings.days:
        text = {"zh": f"相差{apart}天", "en": f"{apart} days apart from its day"}
        yield _doubt(use, "day", text)


def _of_place(use: Use, km: float, settings: PhotoElsewhereSettings) -> Iterator[Doubt]:
    if km > settings.km:
        text = {"zh": f"相距约{km:.0f}公里", "en": f"about {km:.0f} km from its venue"}
        yield _doubt(use, "place", text)


def _doubt(use: Use, about: str, how: Text) -> Doubt:
    return Doubt(
        use.table,
        use.unit,
        (use.record,),
        day=use.day,
        about=f"{about} {use.name}",
        values={"photo": use.name, "record": use.record, "how": how},
    )


def _read(path: Path, settings: PhotoElsewhereSettings) -> _Taken:
    content = read_photo(path, settings.max_bytes)
    taken = look_at(content, settings.max_pixels, _taken) if content else None
    return taken or _Taken(None, None)


def _taken(picture: Image.Image) -> _Taken:
    exif = picture.getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    written = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    return _Taken(_day(written), _place(exif.get_ifd(ExifTags.IFD.GPSInfo)))


def _day(written: Any) -> date | None:
    try:
        day = datetime.strptime(str(written).strip("\0 ")[:10], "%Y:%m:%d").date()
    except ValueError:
        return None
    return day if day.year >= _FIRST_DIGITAL else None


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    read = partial(_degrees, gps)
    north = read(ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S")
    east = read(ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W")
    if north is None or east is None or (north, east) == (0, 0):
        return None
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 else None


def _degrees(gps: Mapping[int, Any], tag: int, side: int, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[tag])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return -value if gps.get(side) == negative else value


def _venues(case: Case, places: VenuePlaces) -> dict[str, tuple[float, float]]:
    """The place of the venue of each record that names one with coordinates."""
    columns = [places.key, places.latitude, places.longitude]
    known = {
        key: (float(north), float(east))
        for key, north, east in case.rows(places.place_table, columns)
        if key is not None and north is not None and east is not None
    }
    named = case.rows(places.table, [RECORD_ID, places.by])
    return {record: known[venue] for record, venue in named if venue in known}


def _distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle (haversine)."""
    north, east, there_north, there_east = map(math.radians, (*one, *other))
    chord = _half(there_north - north)
    chord += math.cos(north) * math.cos(there_north) * _half(there_east - east)
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(chord, 1.0)))


def _half(angle: float) -> float:
    return math.sin(angle / 2) ** 2


CHECK = Check(
    name="photo_elsewhere",
    title={"zh": "照片时间地点不符", "en": "Photo of another day or place"},
    question={
        "zh": "{unit}“{table}”中 {record} 所附照片 {photo} 的拍摄信息与记录{how}。是否误附？",
        "en": "The photo {photo} of {record} in “{table}” of {unit} says it was taken {how}. Is it "
        "the right one?",
    },
    explanation={
        "zh": "可能相机时间未校准，或照片经转发、翻拍。",
        "en": "The camera's clock may be wrong, or the photo was taken of another photo.",
    },
    settings=PhotoElsewhereSettings,
    find=_find,
)

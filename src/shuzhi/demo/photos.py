"""Small made-up photos for a few records, one of them used twice, one taken on another day."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PIL import ExifTags, Image, ImageDraw, ImageFilter

from shuzhi.demo.answers import Records
from shuzhi.demo.book import Flagged, Record
from shuzhi.demo.setting import Setting

FOLDER = "evidence"
_SIZE = (320, 240)
_COARSE = (8, 6)
_HONEST = 10
_DATED = (1, 2, 3, 4)  # photos that say when they were taken; the last of them wrongly
_LONG_AGO = 400  # days


@dataclass(frozen=True)
class Photo:
    """A picture drawn from `seed`; equal seeds, equal picture. `taken` is None where the phone
    did not write it."""

    seed: int
    taken: date | None = None


def attach_photos(setting: Setting, records: Records) -> dict[str, Photo]:
    """Name photos in some records: the photo of each file name."""
    shown = [r for r in records["activities"] if not r.odd and not r.flags]
    picked = setting.rng.sample(shown, _HONEST + 1)
    visits = setting.rng.sample([r for r in records["visits"] if not r.odd], 2)
    photos: dict[str, Photo] = {}
    for number, record in enumerate([*picked[:_HONEST], *visits]):
        seed = setting.rng.randrange(1 << 30)
        taken = record.day("held_on") if number in _DATED else None
        photos[_name_photo(record, number)] = Photo(seed, taken)
    first, again, old = picked[0], picked[_HONEST], picked[_DATED[-1]]
    seed = photos[str(first.values["photos"])].seed
    photos[_name_photo(again, _HONEST + 2)] = Photo(seed)
    again.flags.append(Flagged("repeated_photo", "photos"))
    name = str(old.values["photos"])
    photos[name] = Photo(photos[name].seed, old.day("held_on") - timedelta(_LONG_AGO))
    old.flags.append(Flagged("photo_elsewhere", "photos"))
    return photos


def write_photos(folder: Path, photos: dict[str, Photo]) -> None:
    """The pictures as JPEG files; a repeated one is saved anew, darker and a little smaller."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn: set[int] = set()
    for name, photo in photos.items():
        picture = _draw(photo.seed)
        if photo.seed in drawn:
            picture = picture.resize((300, 225)).point(lambda value: int(value * 0.94))
        drawn.add(photo.seed)
        exif = Image.Exif()
        if photo.taken:
            exif[ExifTags.Base.DateTime] = f"{photo.taken:%Y:%m:%d} 10:00:00"
        picture.save(folder / name, quality=72, exif=exif)


def _name_photo(record: Record, number: int) -> str:
    name = f"照片{number + 1:02}.jpg"
    record.values["photos"] = name
    return name


def _draw(seed: int) -> Image.Image:
    """Soft blots of light and a few shapes: unlike any other seed's picture."""
    rng = random.Random(seed)
    coarse = Image.new("RGB", _COARSE)
    pixels = [
        tuple(rng.randrange(20, 236) for _ in range(3)) for _ in range(_COARSE[0] * _COARSE[1])
    ]
    for place, colour in enumerate(pixels):
        coarse.putpixel((place % _COARSE[0], place // _COARSE[0]), colour)
    picture = coarse.resize(_SIZE, Image.Resampling.BICUBIC)
    drawing = ImageDraw.Draw(picture)
    for _ in range(5):
        x, y, side = rng.randrange(260), rng.randrange(180), rng.randrange(24, 90)
        colour = tuple(rng.randrange(256) for _ in range(3))
        drawing.ellipse((x, y, x + side, y + side * 0.8), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(1.5))

"""Small made-up photos for a few records, one of them used twice."""

import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from shuzhi.demo.answers import Records
from shuzhi.demo.book import Flagged, Record
from shuzhi.demo.setting import Setting

FOLDER = "evidence"
_SIZE = (320, 240)
_COARSE = (8, 6)
_HONEST = 10


def attach_photos(setting: Setting, records: Records) -> dict[str, int]:
    """Name photos in some records. File name → seed of its picture; equal seeds, equal picture."""
    shown = [r for r in records["activities"] if not r.odd and not r.flags]
    picked = setting.rng.sample(shown, _HONEST + 1)
    visits = setting.rng.sample([r for r in records["visits"] if not r.odd], 2)
    seeds: dict[str, int] = {}
    for number, record in enumerate([*picked[:_HONEST], *visits]):
        seeds[_name_photo(record, number)] = setting.rng.randrange(1 << 30)
    first, again = picked[0], picked[_HONEST]
    seeds[_name_photo(again, _HONEST + 2)] = seeds[str(first.values["photos"])]
    again.flags.append(Flagged("repeated_photo", "photos"))
    return seeds


def write_photos(folder: Path, seeds: dict[str, int]) -> None:
    """The pictures as JPEG files; a repeated one is saved anew, darker and a little smaller."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn: set[int] = set()
    for name, seed in seeds.items():
        picture = _draw(seed)
        if seed in drawn:
            picture = picture.resize((300, 225)).point(lambda value: int(value * 0.94))
        drawn.add(seed)
        picture.save(folder / name, quality=72 if seed in drawn else 80)


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

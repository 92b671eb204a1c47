"""Photos and files as people send them, for tests of evidence."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image


def photo(colour="red", size=(64, 48), kind="JPEG", **saved):
    """A photo as a phone sends it, with the place and the day it was taken at."""
    picture = Image.new("RGB", size, colour)
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2023:09:03 10:20:30"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (30.0, 40.0, 50.0)
    exif[ExifTags.Base.Make] = "CanaryCamera"
    for tag, value in saved.items():
        exif[ExifTags.Base[tag]] = value
    out = BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def upload(content=None, name="现场.jpg"):
    return SimpleUploadedFile(name, photo() if content is None else content)

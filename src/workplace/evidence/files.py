"""The bytes themselves: stored once by their SHA-256, in whatever storage the office has."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from workplace.evidence.images import Picture, make_anew, make_thumbnail
from workplace.evidence.kinds import Kind, kind_of
from workplace.evidence.models import File

_FOLDER = "evidence"


def sha256_of(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def keep_file(content: bytes, name: str) -> tuple[File, Picture | None]:
    """The stored file of these bytes; a photo is made anew first, and is told with it.

    Raises: FileNotTaken for a kind that is not taken, and for a picture that cannot be read.
    """
    kind = kind_of(content, name)
    if not kind.is_image:
        return _kept(content, kind, None), None
    picture = make_anew(content)
    return _kept(picture.content, kind, picture), picture


def keep_picture(picture: Picture, mime: str) -> File:
    """The stored file of a picture that is ready."""
    return _kept(picture.content, Kind(mime, ""), picture)


def _kept(content: bytes, kind: Kind, picture: Picture | None) -> File:
    sha256 = sha256_of(content)
    # held, so that the bytes do not go by their age while they are taken in again
    found = File.objects.select_for_update().filter(sha256=sha256).first()
    if found is not None and found.deleted_at is None:
        return found
    file = found or File(sha256=sha256, kind=kind.mime, size=len(content))
    file.stored_as = store_bytes(f"{_FOLDER}/{sha256[:2]}/{sha256}", content)
    file.deleted_at = None
    if picture is not None:
        file.width, file.height = picture.width, picture.height
        small = make_thumbnail(content)
        file.thumbnail = store_bytes(f"{_FOLDER}/{sha256[:2]}/{sha256}-small", small)
    file.save()
    return file


def store_bytes(path: str, content: bytes) -> str:
    """Where the bytes lie. What a crash left half written under that name is written anew."""
    if default_storage.exists(path):
        if default_storage.size(path) == len(content):
            return path
        default_storage.delete(path)
    return default_storage.save(path, ContentFile(content))


def read_bytes(stored_as: str) -> bytes:
    """The bytes stored there."""
    with default_storage.open(stored_as) as file:
        content: bytes = file.read()
    return content


def delete_bytes(file: File) -> None:
    """Take a file and its thumbnail out of the storage."""
    for path in filter(None, (file.stored_as, file.thumbnail)):
        default_storage.delete(path)

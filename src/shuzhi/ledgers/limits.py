"""What a file must keep to before anything in it is read.

Measured: a 588 KB workbook can unpack to over 1 GB. A township's largest honest workbook stays
under 5 MB and 20,000 rows; each limit leaves an order of magnitude above what was seen.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MAX_FILE_BYTES = 64 * 2**20
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 320 * 2**20
# Deflate reaches 1,030 : 1; honest sheets stay under 60 : 1. Small files may be anything.
MAX_RATIO = 200
RATIO_APPLIES_FROM = 8 * 2**20
MAX_ROWS = 400_000
MAX_COLUMNS = 702  # A to ZZ
# The reader underneath lays a sheet out as a full rectangle, 24 bytes a cell.
MAX_CELLS = 12_000_000

_LOCAL_HEADER = struct.Struct("<26xHH")  # lengths of the name and of the extra field
_CHUNK = 2**16


class FileRefused(Exception):
    """A file that is not read. `code` is a problem code, `facts` fills its message."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def check_size(path: Path) -> int:
    """The size of a file in bytes.

    Raises: FileRefused over MAX_FILE_BYTES.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise FileRefused("file_too_large", megabytes=size // 2**20, limit=MAX_FILE_BYTES // 2**20)
    return size


def check_extent(rows: int, columns: int) -> None:
    """Raises: FileRefused where a sheet reaches too far down, too far right, or both."""
    if columns > MAX_COLUMNS:
        raise FileRefused("too_many_columns", columns=columns, limit=MAX_COLUMNS)
    if rows > MAX_ROWS or rows * columns > MAX_CELLS:
        limit = min(MAX_ROWS, MAX_CELLS // max(columns, 1))
        raise FileRefused("too_many_rows", rows=rows, limit=limit)


def unpack_entries(file: BinaryIO, size: int) -> dict[str, bytes]:
    """The XML parts of a workbook that is a zip file, each unpacked once and counted.

    What an entry claims about its size is not believed: bytes are counted as they come out.

    Raises: FileRefused (unpacks_too_large, file_encrypted, file_unreadable).
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise FileRefused("file_unreadable", reason=str(error)) from error
    if len(entries) > MAX_ENTRIES:
        raise FileRefused("unpacks_too_large", limit=MAX_UNPACKED_BYTES // 2**20)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("file_encrypted")
    unpacked = 0
    parts: dict[str, bytes] = {}
    for entry in entries:
        pieces = []
        for piece in _inflate(file, entry):
            unpacked += len(piece)
            _refuse_bomb(unpacked, size)
            pieces.append(piece)
        if entry.filename.endswith((".xml", ".rels")):
            parts[entry.filename] = b"".join(pieces)
    return parts


def _refuse_bomb(unpacked: int, size: int) -> None:
    too_dense = unpacked > RATIO_APPLIES_FROM and unpacked > MAX_RATIO * size
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise FileRefused("unpacks_too_large", limit=MAX_UNPACKED_BYTES // 2**20)


def _inflate(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused("file_unreadable", reason=f"compression {entry.compress_type}")
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        raise FileRefused("file_unreadable", reason="truncated")
    file.seek(sum(_LOCAL_HEADER.unpack(header)), 1)
    left = entry.compress_size
    inflater = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(left, _CHUNK))):
        left -= len(packed)
        if inflater is None:
            yield packed
            continue
        try:
            yield from _inflate_chunk(inflater, packed)
        except zlib.error as error:
            raise FileRefused("file_unreadable", reason=str(error)) from error


def _inflate_chunk(inflater: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    while packed and not inflater.eof:
        yield inflater.decompress(packed, 16 * _CHUNK)
        packed = inflater.unconsumed_tail

"""What an .xls tells beside its values: hidden rows, and cells whose formula failed.

Source: [MS-CFB] for the container, [MS-XLS] for the records. Values are calamine's business; what
this module cannot follow it leaves out, and calamine says whether the file can be read.
"""

import struct
from collections.abc import Iterator

from shuzhi.ledgers.sheet_xml import Place, SheetFacts

_END_OF_CHAIN = 0xFFFFFFFA  # and all above are marks, no sectors
_IN_HEADER = 109  # FAT sectors listed in the header itself
_SMALL, _SMALL_SECTOR = 4096, 64  # streams below _SMALL lie in a stream of their own
_NAMES = ("Workbook", "Book")
_EOF, _BOUNDSHEET, _ROW, _FORMULA, _BOOLERR = 0x0A, 0x85, 0x208, 0x06, 0x205
_HIDDEN = 0x20
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def facts_of_xls(content: bytes) -> dict[str, SheetFacts]:
    """Sheet name → facts, for the bytes of an .xls; empty where its structure is not followed."""
    try:
        stream = _workbook_stream(content)
        sheets = [
            (_sheet_name(data), struct.unpack_from("<I", data)[0])
            for kind, data in _records(stream, 0)
            if kind == _BOUNDSHEET
        ]
        return {name: _sheet_facts(stream, start) for name, start in sheets}
    except (struct.error, IndexError, UnicodeDecodeError):
        return {}


def _workbook_stream(content: bytes) -> bytes:
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 12)
    fat = _allocation(content, size)
    sectors = content[size:]
    directory = _chain(sectors, size, fat, struct.unpack_from("<I", content, 48)[0])
    root_start = struct.unpack_from("<I", directory, 116)[0]
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le")
        start, total = struct.unpack_from("<II", directory, at + 116)
        if name not in _NAMES:
            continue
        if total >= _SMALL:
            return _chain(sectors, size, fat, start)[:total]
        packed = _chain(sectors, size, fat, struct.unpack_from("<I", content, 60)[0])
        small_fat = list(struct.unpack(f"<{len(packed) // 4}I", packed))
        small = _chain(sectors, size, fat, root_start)
        return _chain(small, _SMALL_SECTOR, small_fat, start)[:total]
    return b""


def _allocation(content: bytes, size: int) -> list[int]:
    """The file allocation table: for each sector the one that follows it."""
    listed = list(struct.unpack_from(f"<{_IN_HEADER}I", content, 76))
    sector, left = struct.unpack_from("<II", content, 68)
    while sector < _END_OF_CHAIN and 0 < left <= len(content) // size:
        more = struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
        listed += more[:-1]
        sector, left = more[-1], left - 1
    fat: list[int] = []
    for sector in listed:
        if sector < _END_OF_CHAIN:
            fat += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return fat


def _chain(sectors: bytes, size: int, fat: list[int], sector: int) -> bytes:
    pieces: list[bytes] = []
    while sector < _END_OF_CHAIN and len(pieces) <= len(fat):
        pieces.append(sectors[sector * size : (sector + 1) * size])
        sector = fat[sector]
    return b"".join(pieces)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records from `at` to the end of their part."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _EOF:
            return
        at += 4 + length


def _sheet_name(data: bytes) -> str:
    length, is_wide = data[6], data[7] & 1
    raw = data[8 : 8 + length * (2 if is_wide else 1)]
    return raw.decode("utf-16-le" if is_wide else "latin-1")


def _sheet_facts(stream: bytes, start: int) -> SheetFacts:
    facts = SheetFacts()
    for kind, data in _records(stream, start):
        if kind == _ROW and data[12] & _HIDDEN:
            facts.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == _BOOLERR and data[7]:
            facts.errors[_place(data)] = _ERRORS.get(data[6], "#VALUE!")
        elif kind == _FORMULA and data[6] == 2 and data[12:14] == b"\xff\xff":
            facts.errors[_place(data)] = _ERRORS.get(data[8], "#VALUE!")
    return facts


def _place(data: bytes) -> Place:
    row, column = struct.unpack_from("<HH", data)
    return row, column

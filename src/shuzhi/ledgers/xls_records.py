"""What an .xls tells beside its values: hidden rows, and cells whose formula failed.

Source: [MS-CFB] for the container, [MS-XLS] for the records. Values are calamine's business; what
this module cannot follow is not handed on to it.
"""

import struct
from collections.abc import Iterable, Iterator

from shuzhi.ledgers.limits import FileRefused, check_extent
from shuzhi.ledgers.sheet_xml import Place, SheetFacts

_END_OF_CHAIN = 0xFFFFFFFA  # and all above are marks, no sectors
_IN_HEADER = 109  # FAT sectors listed in the header itself
_SMALL, _SMALL_SECTOR = 4096, 64  # streams below _SMALL lie in a stream of their own
_SECTOR_COUNTS = (40, 44, 64, 72)  # where the header says how many sectors each table takes
_MOST_SHEETS = 255  # each is read from its start; many that overlap would take for ever
_NAMES = ("Workbook", "Book")
_EOF, _BOUNDSHEET, _ROW, _FORMULA, _BOOLERR = 0x0A, 0x85, 0x208, 0x06, 0x205
_DIMENSIONS, _MULRK = 0x200, 0xBD
_CELLS = frozenset({0x203, 0x204, 0xFD, 0x27E, _MULRK, _FORMULA, _BOOLERR, 0xD6})
_HIDDEN = 0x20
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def facts_of_xls(content: bytes) -> dict[str, SheetFacts]:
    """Sheet name → facts, for the bytes of an .xls.

    Raises: FileRefused where calamine would take what the file claims at its word and more memory
    than there is: on sectors that go round in a circle, on counts and sheets past the limits, and
    where the structure cannot be followed, so that none of this is known.
    """
    try:
        stream = _workbook_stream(content)
        sheets = [
            (_sheet_name(data), struct.unpack_from("<I", data)[0])
            for kind, data in _records(stream, 0)
            if kind == _BOUNDSHEET
        ]
        if len({start for _, start in sheets}) < len(sheets) or len(sheets) > _MOST_SHEETS:
            raise FileRefused("file_unreadable", reason="sheets that overlap")
        return {name: _sheet_facts(stream, start) for name, start in sheets}
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise FileRefused("file_unreadable", reason="its structure cannot be followed") from error


def _workbook_stream(content: bytes) -> bytes:
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 12)
    for at in _SECTOR_COUNTS:
        if struct.unpack_from("<I", content, at)[0] > len(content) // size:
            raise FileRefused("file_unreadable", reason="more sectors than it has bytes for")
    fat = _allocation(content, size)
    sectors = content[size:]
    directory = _chain(sectors, size, fat, struct.unpack_from("<I", content, 48)[0])
    root_start = struct.unpack_from("<I", directory, 116)[0]
    small_start, small_sectors = struct.unpack_from("<II", content, 60)
    packed = _chain(sectors, size, fat, small_start if small_sectors else _END_OF_CHAIN)
    small_fat = list(struct.unpack(f"<{len(packed) // 4}I", packed))
    entries = [
        (directory[at : at + 66], *struct.unpack_from("<II", directory, at + 116))
        for at in range(0, len(directory) - 127, 128)
    ]
    _require_ends(fat, (start for _, start, total in entries if total >= _SMALL))
    _require_ends(small_fat, (start for _, start, total in entries if total < _SMALL))
    for named, start, total in entries:
        name = named[:64].decode("utf-16-le", "replace").partition("\0")[0]
        if total > len(content) and start < _END_OF_CHAIN:
            raise FileRefused("file_unreadable", reason="a part larger than the file")
        if name not in _NAMES:
            continue
        if total >= _SMALL:
            return _chain(sectors, size, fat, start)[:total]
        small = _chain(sectors, size, fat, root_start)
        return _chain(small, _SMALL_SECTOR, small_fat, start)[:total]
    raise FileRefused("file_unreadable", reason="no workbook inside")


def _allocation(content: bytes, size: int) -> list[int]:
    """The file allocation table: for each sector the one that follows it."""
    listed = list(struct.unpack_from(f"<{_IN_HEADER}I", content, 76))
    sector, seen = struct.unpack_from("<I", content, 68)[0], set[int]()
    while sector < _END_OF_CHAIN:
        if sector in seen:
            raise _endless()
        seen.add(sector)
        more = struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
        listed += more[:-1]
        sector = more[-1]
    used = [sector for sector in listed if sector < _END_OF_CHAIN]
    if len(set(used)) < len(used):
        raise _endless()
    fat: list[int] = []
    for sector in used:
        fat += struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    return fat


def _require_ends(fat: list[int], starts: Iterable[int]) -> None:
    """Raises: FileRefused where a chain from one of `starts` has no end."""
    ends: set[int] = set()
    for start in starts:
        sector, passed = start, set[int]()
        while sector < len(fat) and sector not in ends:
            if sector in passed:
                raise _endless()
            passed.add(sector)
            sector = fat[sector]
        ends |= passed


def _endless() -> FileRefused:
    return FileRefused("file_unreadable", reason="its sectors go round in a circle")


def _chain(sectors: bytes, size: int, fat: list[int], sector: int) -> bytes:
    _require_ends(fat, [sector])
    pieces: list[bytes] = []
    while sector < _END_OF_CHAIN:
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
    rows = columns = 0
    for kind, data in _records(stream, start):
        if kind == _DIMENSIONS:
            _check_dimensions(data)
        elif kind in _CELLS:
            row, column = _last_place(kind, data)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        if kind == _ROW and data[12] & _HIDDEN:
            facts.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == _BOOLERR and data[7]:
            facts.errors[_place(data)] = _ERRORS.get(data[6], "#VALUE!")
        elif kind == _FORMULA and data[6] == 2 and data[12:14] == b"\xff\xff":
            facts.errors[_place(data)] = _ERRORS.get(data[8], "#VALUE!")
    check_extent(rows, columns)
    return facts


def _check_dimensions(data: bytes) -> None:
    """calamine makes room for what a sheet claims, and counts a claim turned round as endless."""
    shape = "<IIHH" if len(data) >= 14 else "<4H"
    top, bottom, left, right = struct.unpack_from(shape, data)
    if (bottom and bottom <= top) or (right and right <= left):
        raise FileRefused("file_unreadable", reason="a sheet that ends before it begins")
    check_extent(bottom, right)


def _last_place(kind: int, data: bytes) -> Place:
    row, column = _place(data)
    return row, struct.unpack("<H", data[-2:])[0] if kind == _MULRK else column


def _place(data: bytes) -> Place:
    row, column = struct.unpack_from("<HH", data)
    return row, column

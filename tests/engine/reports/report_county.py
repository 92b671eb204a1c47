"""A county with two townships and their meetings, and a template of whatever paragraphs."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from docx import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from lxml import etree

from shuzhi.checks.model import Flag
from shuzhi.figures.compute import compute_figures
from shuzhi.figures.trace import trace_figures
from shuzhi.ledgers.model import Ledgers, Return, ReturnState, arrow_schema
from shuzhi.packs.model import Pack
from shuzhi.periods import Period, parse_period, previous_year
from shuzhi.reports.document import STYLES
from shuzhi.reports.sources import Sources
from shuzhi.reports.style_ids import style_name
from shuzhi.units import UnitSpan, UnitTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PERIOD = parse_period("2023")
PACK = """
name = "small"
version = "1"
title = { zh = "小包", en = "Small" }
collects = { from = 2022-01-01, until = 2024-01-01 }
[[levels]]
code = "county"
label = { zh = "县", en = "County" }
[[levels]]
code = "township"
label = { zh = "乡镇", en = "Township" }
"""
INDICATORS = """
[meetings_held]
label = { zh = "会议次数", en = "Meetings" }
uom = { zh = "次", en = "meetings" }
table = "meetings"
count = true
better = "more"
target = 4
section = "leading"
[heads]
label = { zh = "参会人次", en = "Heads" }
uom = { zh = "人次", en = "heads" }
table = "meetings"
sum = "attended"
section = "leading"
[heads_per_meeting]
label = { zh = "平均参会", en = "Heads a meeting" }
uom = { zh = "人", en = "people" }
formula = "heads / meetings_held"
decimals = 1
section = "leading"
[venues_opened]
label = { zh = "新启用阵地", en = "Venues opened" }
uom = { zh = "处", en = "venues" }
table = "venues"
count = true
better = "more"
section = "leading"
"""
REPORT = """
[report]
title = { zh = "述职报告", en = "Duty report" }
proof_rows = 2
given_words = ["千家万户"]
[[sections]]
name = "leading"
title = { zh = "履职", en = "Leading" }
[lists.venues]
indicator = "venues_opened"
column = "name"
[[gaps]]
name = "meetings"
indicator = "meetings_held"
title = { zh = "会议偏少", en = "Too few meetings" }
text = { zh = "召开{value}次，目标{target}次，少{short}次。", en = "{value} of {target}." }
units = { levels = ["township"], text = { zh = "有{units}。", en = "Namely {units}." } }
[gaps.records]
indicator = "meetings_held"
column = "title"
most = 1
text = { zh = "见{records}。", en = "See {records}." }
[promises]
table = "promises"
year = "year"
text = "text"
due = "due_on"
indicator = "indicator"
target = "target"
withdrawn = "withdrawn"
reason = "reason"
from_year = "from_year"
[[drafts]]
indicator = "meetings_held"
text = { zh = "开足会议", en = "Meet as often as due" }
due = "06-30"
[[drafts]]
indicator = "venues_opened"
from_records = true
column = "name"
target = 0
text = { zh = "用好{record}", en = "Use {record}" }
due = "03-31"
"""


def column(name: str, kind: str, role: str = "", **more: Any) -> dict[str, Any]:
    found = {"name": name, "type": kind, "shuzhi:label": {"zh": f"{name}项", "en": name}, **more}
    return found | ({"shuzhi:role": role} if role else {})


def table(name: str, key: str, fields: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    label = {"zh": f"{name}表", "en": name}
    return {"name": name, "shuzhi:label": label, "primaryKey": [key], "fields": fields, **more}


REQUIRED = {"constraints": {"required": True}}
TABLES = [
    table(
        "units",
        "code",
        [
            column("code", "string", "id"),
            column("name", "string"),
            column("level", "string"),
            column("parent", "string"),
            column("valid_from", "date", "date"),
            column("valid_to", "date"),
            column("successor", "string"),
            column("aliases", "string"),
        ],
        **{"shuzhi:is_units": True},
    ),
    table(
        "meetings",
        "no",
        [
            column("no", "string", "id"),
            column("unit", "string", "unit"),
            column("held_on", "date", "date"),
            column("title", "string", **REQUIRED),
            column("attended", "integer"),
            column("speaker", "string", "person"),
        ],
        **{"shuzhi:asked": {"levels": ["township"], "every": "year", "due_days": 10}},
    ),
    table(
        "venues",
        "no",
        [
            column("no", "string", "id"),
            column("unit", "string", "unit"),
            column("opened_on", "date", "date"),
            column("name", "string", **REQUIRED),
        ],
        **{"shuzhi:asked": {"levels": ["township"], "every": "year", "due_days": 10}},
    ),
    table(
        "promises",
        "no",
        [
            column("no", "string", "id"),
            column("unit", "string", "unit"),
            column("due_on", "date", "date"),
            column("year", "integer"),
            column("text", "string"),
            column("indicator", "string"),
            column("target", "number"),
            column("withdrawn", "boolean"),
            column("reason", "string"),
            column("from_year", "integer"),
        ],
    ),
]


Rows = Mapping[str, Sequence[Mapping[str, Any]]]
MEETINGS = [
    ("A1", "T1", date(2023, 2, 1), "春耕调度会", 12),
    ("A2", "T1", date(2023, 9, 1), "秋收调度会", 8),
    ("A3", "T2", date(2023, 3, 1), "防汛会", 30),
    ("A0", "T1", date(2022, 3, 1), "上年的会", 5),
]
ROWS: Rows = {
    "meetings": [
        {
            "no": no,
            "unit": unit,
            "held_on": day,
            "title": title,
            "attended": attended,
            "speaker": "p-1",
        }
        for no, unit, day, title, attended in MEETINGS
    ],
}


def ledgers_of(pack: Pack, rows: Rows, silent: Sequence[str] = ()) -> Ledgers:
    """The ledgers with these rows; every township but the silent has reported."""
    county = UnitSpan("C", "清河县办公室", "county", "", date(2000, 1, 1))
    townships = [
        UnitSpan(code, name, "township", "C", date(2000, 1, 1))
        for code, name in (("T1", "青石镇"), ("T2", "第3街道"))
    ]
    tables = {}
    for name, definition in pack.tables.items():
        schema = arrow_schema(definition)
        provenance = {"_precision": "day", "_file": "a.xlsx", "_sheet": name, "_row": 2}
        found = [dict(row) | provenance | {"_id": row["no"]} for row in rows.get(name, ())]
        tables[name] = pa.Table.from_pylist(found, schema=schema)
    returns = tuple(
        Return(name, unit, year, ReturnState.ROWS, "a.xlsx", name)
        for name in ("meetings", "venues")
        for unit in ("T1", "T2")
        for year in ("2022", "2023")
        if unit not in silent
    )
    return Ledgers(tables, UnitTree([county, *townships]), returns, (), (), ())


def sources_of(
    pack: Pack,
    ledgers: Ledgers,
    *,
    lang: str = "zh",
    flags: Sequence[Flag] = (),
    period: Period = PERIOD,
) -> Sources:
    computed = compute_figures(ledgers, pack, periods=[period, previous_year(period)])
    figures = {(figure.indicator, figure.unit, figure.period): figure for figure in computed}
    wanted = [(name, unit, period) for name in pack.indicators for unit in ("C", "T1", "T2")]
    proofs = trace_figures(ledgers, pack, wanted)
    return Sources(pack, ledgers, figures, proofs, {}, flags, period, lang)


def write_template(path: Path, paragraphs: Sequence[str]) -> None:
    """A template with these paragraphs; `# ` is a heading, `## ` one below."""
    document = WordDocument()
    for style in STYLES.values():
        document.styles.add_style(style_name(style), WD_STYLE_TYPE.PARAGRAPH).element.set(
            f"{W}styleId", style
        )
    for line in paragraphs:
        mark, _, text = line.partition(" ") if line.startswith("#") else ("", "", line)
        style = {"#": "SzHeading1", "##": "SzHeading2"}.get(mark, "SzBody")
        document.add_paragraph(text, style=document.styles[style_name(style)])
    document.save(str(path))


def without_controls(data: bytes) -> etree._Element:
    """The part's root, its content controls dissolved as some office suites do."""
    root = etree.fromstring(data)
    for control in list(root.iter(f"{W}sdt")):
        place = control.getparent()
        for child in control.find(f"{W}sdtContent"):
            place.insert(place.index(control), child)
        place.remove(control)
    return root

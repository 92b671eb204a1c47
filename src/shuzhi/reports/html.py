"""The report as one .html file: readable without scripts, every number open to its records.

Each record behind any figure stands once, in the register at the end; a proof lists links into it.
So the whole of every proof fits into one file that opens at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from shuzhi.figures.model import Proof, ProofRecord
from shuzhi.reports.charts import build_charts, draw_bar
from shuzhi.reports.document import (
    Block,
    Bound,
    Document,
    Given,
    Heading,
    Paragraph,
    ProofBlock,
    Signature,
    Spans,
    TableBlock,
)
from shuzhi.reports.sources import Sources
from shuzhi.reports.wording import plain_number

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "contents": "目录",
        "skip": "跳到正文",
        "charts": "图表",
        "register": "记录登记簿",
        "records": "条记录",
        "all_records": "查看全部记录",
        "record": "记录",
        "unit": "单位",
        "day": "日期",
        "place": "文件 › 工作表 › 行",
        "cells": "单元格",
        "sum": "文件校验值（SHA-256）",
        "target_line": "竖线为目标值",
        "item": "项目",
        "value": "数值",
        "below": "下级单位",
        "place_among": "所在位置",
        "withheld": "公开版：少于{least}的数，以及可据以推算的数，均已隐去；原始记录不公开。",
        "hint": "点击带下划线的数字，可查看它的依据：指标、逐条记录，直至文件、工作表和单元格。",
    },
    "en": {
        "contents": "Contents",
        "skip": "Skip to the report",
        "charts": "Charts",
        "register": "Register of records",
        "records": "records",
        "all_records": "All records",
        "record": "Record",
        "unit": "Unit",
        "day": "Day",
        "place": "File › sheet › row",
        "cells": "Cells",
        "sum": "The file's SHA-256",
        "target_line": "The upright line is the target",
        "item": "Item",
        "value": "Value",
        "below": "Units below",
        "place_among": "Where this page stands",
        "withheld": "Public edition: numbers below {least}, and those they could be worked out "
        "from, are withheld; records are not printed.",
        "hint": "Follow an underlined number to what stands behind it: the indicator, each record, "
        "down to file, sheet and cell.",
    },
}


@dataclass
class Register:
    """The records of all proofs, each once, numbered as they are first met."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    records: list[ProofRecord] = field(default_factory=list)

    def number(self, record: ProofRecord) -> int:
        key = (record.table, record.record)
        if key not in self.numbers:
            self.numbers[key] = len(self.records) + 1
            self.records.append(record)
        return self.numbers[key]


@dataclass(frozen=True)
class Surroundings:
    """Where a page stands among others: the way down to it, and what is right below.

    Both are names with the file of their page. `is_public` pages have numbers withheld and no
    records.
    """

    above: Sequence[tuple[str, str]] = ()
    below: Sequence[tuple[str, str]] = ()
    is_public: bool = False


def write_html(
    document: Document,
    sources: Sources,
    unit: str,
    out: Path,
    surroundings: Surroundings = Surroundings(),
) -> None:
    """Write the report of `unit` to `out`, whole or not at all."""
    register = Register()
    body = Markup("").join(_block(block, sources, register) for block in document.blocks)
    page = (
        page_environment()
        .get_template("report.html.j2")
        .render(
            document=document,
            surroundings=surroundings,
            words=_WORDS[sources.lang],
            hint=public_note(sources) if surroundings.is_public else _WORDS[sources.lang]["hint"],
            body=body,
            headings=[
                block
                for block in document.blocks
                if isinstance(block, Heading) and block.level == 1 and block.anchor
            ],
            charts=[
                (chart, [(bar, Markup(draw_bar(chart, bar))) for bar in chart.bars])  # noqa: S704 a drawing of numbers, without any text
                for chart in build_charts(sources, unit)
            ],
            register=list(_register_rows(register, sources)),
            bindings=dict(sorted(document.bindings.items())),
        )
    )
    write_page(page, out)


def write_page(page: str, out: Path) -> None:
    """Write a page to `out`, whole or not at all."""
    partial = out.with_name(out.name + ".partial")
    partial.write_text(page, encoding="utf-8", newline="\n")
    partial.replace(out)


def page_environment() -> Environment:
    """The page layouts; what they are given is escaped."""
    return Environment(
        loader=PackageLoader("shuzhi.reports", "layout"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def public_note(sources: Sources) -> str:
    """What is left out of a public edition."""
    return _WORDS[sources.lang]["withheld"].format(least=sources.rules.public.least)


def _block(block: Block, sources: Sources, register: Register) -> Markup:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return _paragraph(block)
        case TableBlock():
            return _table(block)
        case ProofBlock():
            return _proof(block, sources, register)
        case Signature():
            lines = Markup("").join(
                Markup("<p>{}</p>").format(_spans(line)) for line in block.lines
            )
            return Markup('<div class="signature">{}</div>\n').format(lines)
        case _:
            return Markup("")


def _spans(spans: Spans) -> Markup:
    return Markup("").join(_span(span) for span in spans)


def _span(span: object) -> Markup:
    text = escape(getattr(span, "text", ""))
    if isinstance(span, Bound):
        place = Markup(' id="{}"').format(span.anchor) if span.anchor else Markup("")
        if span.link:
            text = Markup('<a class="fig" href="#{}"{} data-binding="{}">{}</a>').format(
                span.link, place, span.binding, text
            )
        else:
            text = Markup('<span class="fig"{} data-binding="{}">{}</span>').format(
                place, span.binding, text
            )
    if isinstance(span, Given):
        text = Markup("<span data-given>{}</span>").format(text)
    return Markup("<strong>{}</strong>").format(text) if getattr(span, "bold", False) else text


def _heading(block: Heading) -> Markup:
    level = min(block.level + 1, 6)
    kind = Markup(' class="annex"') if block.annex else ""
    return Markup('<h{}{} id="{}">{}</h{}>\n').format(
        level,
        kind,
        block.anchor,
        _spans(block.spans),
        level,
    )


def _paragraph(block: Paragraph) -> Markup:
    return Markup('<p class="{}">{}</p>\n').format(block.style, _spans(block.spans))


def _table(block: TableBlock) -> Markup:
    named = block.caption or tuple(span for cell in block.header[:1] for c in cell for span in c)
    name = " ".join(span.text for span in named)
    head = _rows(block.header, "th")
    return Markup(
        '<div class="scroll" role="group" tabindex="0" aria-label="{}"><table>'
        "<caption>{}</caption><thead>{}</thead><tbody>{}</tbody></table></div>\n"
    ).format(name, _spans(block.caption), head, _rows(block.body, "td"))


def _rows(rows: tuple[tuple[Spans, ...], ...], tag: str) -> Markup:
    scope = Markup(' scope="col"') if tag == "th" else Markup("")
    cell = Markup(f"<{tag}{scope}>{{}}</{tag}>")  # noqa: S704 th or td
    return Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(cell.format(_spans(c)) for c in row))
        for row in rows
    )


def _proof(block: ProofBlock, sources: Sources, register: Register) -> Markup:
    parts = Markup("").join(Markup("<li>{}</li>").format(_spans(part)) for part in block.parts)
    proof = sources.proofs.get(block.binding)
    records = _proof_records(proof, sources, register) if proof else Markup("")
    return Markup('<section class="proof" id="{}"><h3>{}</h3><p>{}</p>{}{}</section>\n').format(
        block.anchor,
        _spans(block.title),
        _spans(block.how),
        Markup("<ul>{}</ul>").format(parts) if parts else "",
        records,
    )


def _proof_records(proof: Proof, sources: Sources, register: Register) -> Markup:
    if not proof.records:
        return Markup("")
    words = _WORDS[sources.lang]
    links = Markup(" ").join(
        _record_link(record, register, sources.lang) for record in proof.records
    )
    return Markup('<details><summary>{} · {} {}</summary><p class="ids">{}</p></details>').format(
        words["all_records"], len(proof.records), words["records"], links
    )


def _record_link(record: ProofRecord, register: Register, lang: str) -> Markup:
    number = register.number(record)
    adds = record.contribution
    shown = "" if adds in (None, 1) else f" ({_contribution(adds, lang)})"
    return Markup('<a href="#r{}">{}{}</a>').format(number, record.record, shown)


def _contribution(value: float | str | None, lang: str) -> str:
    return value if isinstance(value, str) else plain_number(value or 0, lang)


def _register_rows(register: Register, sources: Sources) -> Iterator[Mapping[str, object]]:
    tree = sources.ledgers.units
    for number, record in enumerate(register.records, start=1):
        yield {
            "number": number,
            "record": record.record,
            "table": sources.pack.tables[record.table].label[sources.lang],
            "unit": tree.name(record.unit, sources.day) if record.unit in tree.by_code else "",
            "date": record.date,
            "place": f"{record.file} › {record.sheet} › {record.row}",
            "cells": " ".join(address for _, address in record.cells),
            "sha256": record.sha256[:12],
        }

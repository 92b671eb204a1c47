"""Blocks printed in the style of a pack's template, without its text."""

import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from lxml import etree

from shuzhi.packs.model import Pack
from shuzhi.reports.blocks_xml import block_xml
from shuzhi.reports.document import Block
from shuzhi.reports.package import DOCUMENT, W, safe_parser, write_package
from shuzhi.reports.read_rules import read_rules
from shuzhi.reports.render import open_template

_FIELDS = re.compile(rb"\{\{.*?\}\}|\{%.*?%\}")


def write_house_docx(pack: Pack, blocks: Iterable[Block], out: Path, *, lang: str) -> None:
    """`blocks` as a .docx with the page, fonts and styles of the pack's report in `lang`.

    Fields in the template's headers and footers are left empty. Equal blocks give equal bytes.
    """
    template = open_template(pack, read_rules(pack).templates[lang])
    root = etree.fromstring(template.parts[DOCUMENT], safe_parser())
    body = root.find(f"{{{W}}}body")
    section = body.find(f"{{{W}}}sectPr")
    for child in list(body):
        if child is not section:
            body.remove(child)
    body.insert(0, etree.Comment("blocks"))
    numbers = count(1)
    printed = "".join(block_xml(block, numbers, lang) for block in blocks)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    parts = {
        name: _FIELDS.sub(b"", data) if name.startswith("word/") and name != DOCUMENT else data
        for name, data in template.parts.items()
    }
    parts[DOCUMENT] = written.replace(b"<!--blocks-->", printed.encode(), 1)
    write_package(parts, out)

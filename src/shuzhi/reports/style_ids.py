"""Styles keep their names when another program saves a .docx, but not always their ids."""

import re
from collections.abc import Mapping

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES_PART = "word/styles.xml"
_OURS = re.compile(r"Sz( [A-Z][a-z]+)+( \d)?")
_ID, _VAL = f"{{{W}}}styleId", f"{{{W}}}val"
_REFERENCES = tuple(
    f"{{{W}}}{name}" for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")
)


def restore_style_ids(parts: Mapping[str, bytes], parser: etree.XMLParser) -> dict[str, bytes]:
    """The parts with every style named `Sz …` under the id that belongs to it (Sz Proof Note →
    SzProofNote), wherever it is used; untouched where all ids are so already."""
    if STYLES_PART not in parts:
        return dict(parts)
    renamed = _renamed(etree.fromstring(parts[STYLES_PART], parser))
    if not renamed:
        return dict(parts)
    return {
        name: _rewritten(data, renamed, parser) if _has_styles(name) else data
        for name, data in parts.items()
    }


def style_name(identifier: str) -> str:
    """SzProofNote → Sz Proof Note: the name under which staff find the style."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", identifier)


def _renamed(styles: etree._Element) -> dict[str, str]:
    names = {str(style.get(_ID)): _name(style) for style in styles.iterchildren(f"{{{W}}}style")}
    return {
        identifier: name.replace(" ", "")
        for identifier, name in names.items()
        if _OURS.fullmatch(name) and identifier != name.replace(" ", "")
    }


def _name(style: etree._Element) -> str:
    name = style.find(f"{{{W}}}name")
    return "" if name is None else str(name.get(_VAL, ""))


def _has_styles(part: str) -> bool:
    return part.startswith("word/") and part.endswith(".xml") and part.count("/") == 1


def _rewritten(data: bytes, renamed: Mapping[str, str], parser: etree.XMLParser) -> bytes:
    root = etree.fromstring(data, parser)
    for element in root.iter(f"{{{W}}}style", *_REFERENCES):
        key = _ID if element.tag == f"{{{W}}}style" else _VAL
        identifier = str(element.get(key, ""))
        if identifier in renamed:
            element.set(key, renamed[identifier])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

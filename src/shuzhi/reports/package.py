"""The .docx as a zip of parts: opened within limits, refused where it could act, written anew."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from shuzhi.errors import InputRefused, PackRefused
from shuzhi.reports.style_ids import restore_style_ids

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = {"w": W}
DOCUMENT = "word/document.xml"
CORE = "docProps/core.xml"
BINDINGS = "customXml/bindings.xml"

MAX_PARTS = 2_000
MAX_UNPACKED = 200_000_000  # bytes
MAX_RATIO = 200  # unpacked to packed; text of tables packs about 30 : 1
_EPOCH = (1980, 1, 1, 0, 0, 0)  # every part's time: the same input gives the same bytes

_ACTIVE_TYPES = re.compile(r"macroEnabled|vbaProject|activeX|oleObject|aFChunk", re.IGNORECASE)
_ACTIVE_PARTS = re.compile(
    r"vbaProject|activeX|embeddings/|afchunk|vbaData|attachedTemplate|\.(bin|mht|html?|rtf)$",
    re.IGNORECASE,
)
_ACTIVE_RELATIONS = ("aFChunk", "attachedTemplate", "oleObject", "control", "vbaProject", "frame")
_ACTIVE_FIELDS = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b"
)
_ACTIVE_ELEMENTS = ("altChunk", "object", "control", "dataBinding", "subDoc", "attachedTemplate")


def safe_parser() -> etree.XMLParser:
    """A parser that resolves no entity and fetches nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def open_package(path: Path) -> dict[str, bytes]:
    """The parts of a .docx by name, with the ids that the names of its styles call for.

    Raises: InputRefused where it is no .docx, is damaged, or unpacks beyond the limits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            infos = archive.infolist()
            unpacked = sum(info.file_size for info in infos)
            packed = max(1, sum(info.compress_size for info in infos))
            if len(infos) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed:
                raise InputRefused(f"{path}: unpacks beyond the limits of a document; not opened")
            parts = {info.filename: archive.read(info) for info in infos if not info.is_dir()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError):
        raise InputRefused(f"{path}: is no .docx; save it as .docx in Word or WPS") from None
    if DOCUMENT not in parts:
        raise InputRefused(f"{path}: holds no Word document; save it as .docx in Word or WPS")
    try:
        return restore_style_ids(parts, safe_parser())
    except etree.XMLSyntaxError:
        raise InputRefused(f"{path}: its styles are damaged; save it again as .docx") from None


def refuse_active_parts(name: str, parts: Mapping[str, bytes]) -> None:
    """Refuse a template that carries anything that acts or fetches.

    Raises: PackRefused, naming every macro, embedded object, foreign chunk, outside relation and
    field that fetches.
    """
    complaints = [
        f"report/{name}: holds {part}, which can act when opened; take it out"
        for part in parts
        if _ACTIVE_PARTS.search(part)
    ]
    for part, data in parts.items():
        if part.endswith((".xml", ".rels")):
            complaints += [f"report/{name}: {part} {what}; take it out" for what in _acts(data)]
    if complaints:
        raise PackRefused(complaints)


def write_package(parts: Mapping[str, bytes], out: Path) -> None:
    """Write the .docx at once or not at all; equal parts give equal bytes."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".partial")
    first = "[Content_Types].xml"
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name in (first, *(name for name in parts if name != first)):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    partial.replace(out)


def _acts(data: bytes) -> list[str]:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return ["declares a document type"]
    try:
        root = etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError:
        return ["is no well-formed XML"]
    found = []
    for element in root.iter(etree.Element):
        found += _element_acts(etree.QName(element).localname, element)
    instructions = "".join(root.itertext(f"{{{W}}}instrText")) + " ".join(
        str(value) for value in root.xpath("//w:fldSimple/@w:instr", namespaces=NS)
    )
    if match := _ACTIVE_FIELDS.search(instructions.upper()):
        found.append(f"has a {match[0]} field, which fetches from elsewhere")
    return found


def _element_acts(kind: str, element: etree._Element) -> list[str]:
    if kind == "Relationship":
        relation = str(element.get("Type", "")).rpartition("/")[2]
        if element.get("TargetMode") == "External":
            return [f"has a {relation} relation to {element.get('Target')!r} outside"]
        return [f"has a relation of kind {relation}"] if relation in _ACTIVE_RELATIONS else []
    if kind in ("Override", "Default"):
        declared = str(element.get("ContentType", ""))
        return [f"declares {declared}"] if _ACTIVE_TYPES.search(declared) else []
    return [f"has a {kind} element"] if kind in _ACTIVE_ELEMENTS else []

"""A finished document held against its edition."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from shuzhi.errors import InputRefused
from shuzhi.ledgers.edition import Edition, open_edition
from shuzhi.ledgers.signature import refuse_other_signer
from shuzhi.periods import parse_period
from shuzhi.pipeline.counting import count
from shuzhi.pipeline.reporting import press_for
from shuzhi.pipeline.source import Source
from shuzhi.reports.bulletins import document_pack
from shuzhi.reports.document import Document
from shuzhi.reports.html import write_html
from shuzhi.reports.page_readback import read_page
from shuzhi.reports.readback import read_docx
from shuzhi.reports.verify import Difference, unit_and_period, verify_document


def verify(
    document_path: Path, edition_path: Path, *, signed_by: Path | None = None
) -> list[Difference]:
    """Every number of a finished document that its edition does not bear out.

    Nothing stored is trusted: the report is counted and written anew from the records.
    Raises: InputRefused where `signed_by` (a public key's file) is not who signed the edition.
    """
    if signed_by:
        refuse_other_signer(edition_path, signed_by)
    edition = open_edition(edition_path)
    document = _read_document(document_path, known_bindings=_stored_figures(edition))
    pack = document_pack(edition.pack, document.title, document.lang)
    source = Source(edition_path, pack, edition.ledgers, edition)
    unit, name = unit_and_period(document)
    work = count(source, parse_period(name), lang=document.lang)
    with (
        press_for(source, work, [unit], lang=document.lang) as press,
        TemporaryDirectory() as folder,
    ):
        remade = press.write(unit, Path(folder) / "report.docx")
        if document_path.suffix.lower() != ".docx":
            page = Path(folder) / "report.html"
            write_html(remade, press.sources, unit, page)
            remade = read_page(page)
        elif not document.bindings:
            document = read_docx(document_path, known_bindings=set(remade.bindings.values()))
        return verify_document(document, remade, press.sources)


def _read_document(path: Path, known_bindings: Iterable[str]) -> Document:
    if path.suffix.lower() == ".docx":
        return read_docx(path, known_bindings)
    if path.suffix.lower() in (".html", ".htm"):
        return read_page(path)
    raise InputRefused(f"{path.name}: verify reads .docx and .html; name one of those")


def _stored_figures(edition: Edition) -> Iterator[str]:
    """The ids of the figures an edition holds: what the annex of its reports has rows of."""
    for row in edition.extras["figures"].select(["indicator", "unit", "period"]).to_pylist():
        yield f"{row['indicator']}.{row['unit']}.{row['period']}"

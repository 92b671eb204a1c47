"""A finished document held against its records: what was changed by hand is named."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from report_county import ROWS, W, ledgers_of, sources_of, without_controls

from shuzhi.reports.document import Document
from shuzhi.reports.html import write_html
from shuzhi.reports.page_readback import read_page
from shuzhi.reports.readback import read_docx
from shuzhi.reports.sources import Sources
from shuzhi.reports.verify import Change, Difference, unit_and_period, verify_document

LINES = (
    "{{ period.name|given }}年召开会议{{ f.meetings_held }}次，{{ f.heads }}人次参加。",
    "其中千家万户参与的，会议平均{{ f.heads_per_meeting }}人。",
    "{{ annexes }}",
)


@pytest.fixture
def made(make_report) -> Document:
    return make_report(*LINES)


@pytest.fixture
def sources(report_pack) -> Sources:
    return sources_of(report_pack, ledgers_of(report_pack, ROWS, ()))


@pytest.fixture
def verify_edited(made, sources, tmp_path):
    """Change the .docx by hand, one text for another, and verify it."""

    def verify(*edits: tuple[str, str]) -> list[Difference]:
        edited = tmp_path / "edited.docx"
        edit_part(tmp_path / "report.docx", edited, "word/document.xml", edits)
        return verify_document(read_docx(edited), made, sources)

    return verify


def edit_part(source: Path, out: Path, part: str, edits: tuple[tuple[str, str], ...]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                text = data.decode()
                for before, after in edits:
                    assert before in text
                    text = text.replace(before, after, 1)
                data = text.encode()
            new.writestr(name, data)


def test_as_made_it_holds(made, sources, tmp_path):
    """Nothing is said of a document as it was made."""
    again = read_docx(tmp_path / "report.docx")
    assert verify_document(again, made, sources) == []
    assert unit_and_period(again) == ("C", "2023")


def test_a_changed_figure_is_named(verify_edited):
    """Its binding, what the document says, what the records say, the sentence."""
    (found,) = verify_edited((">3<", ">5<"))
    assert (found.change, found.binding) == (Change.ALTERED, "meetings_held.C.2023")
    assert (found.shown, found.expected) == ("5", "3")
    assert "召开会议5次" in found.context


def test_a_changed_date_is_named(verify_edited):
    """A given number has no record, but it was made otherwise."""
    (found,) = verify_edited((">2023<", ">2024<"))
    assert (found.change, found.shown, found.expected) == (Change.REWRITTEN, "2024", "2023")


def test_words_may_be_put_better(verify_edited):
    """Whoever signs may change words; only numbers and tables are held."""
    assert verify_edited(("年召开会议", "年共召开各类会议")) == []


@pytest.mark.parametrize(
    ("sentence", "number"),
    [("，另办12件事", "12"), ("，涉及三十户", "三十"), ("，约１５人", "１５")],
)
def test_a_number_written_in_by_hand_is_named(verify_edited, sentence, number):
    """In whatever numerals it is written."""
    (found,) = verify_edited(("人次参加。", f"人次参加{sentence}。"))
    assert (found.change, found.shown) == (Change.UNBOUND, number)


def test_a_changed_row_of_a_proof_is_named(verify_edited, made):
    """Record, day, file: a proof that points elsewhere proves nothing."""
    (found,) = verify_edited((">2023-03-01<", ">2023-03-07<"))
    assert found.change is Change.REWRITTEN
    assert (found.shown, found.expected) == ("2023-03-07", "2023-03-01")


def test_a_changed_word_in_a_table_is_named(verify_edited):
    """In a table a word says whose number it is."""
    (found,) = verify_edited(("参会人次（人次）", "到会群众（人次）"))
    assert found.change is Change.REWRITTEN
    assert (found.shown, found.expected) == ("到会群众（人次）", "参会人次（人次）")


def test_a_number_bound_elsewhere_is_named(verify_edited):
    """Binding a place to another figure does not make its number true."""
    found = verify_edited(
        ('w:val="meetings_held.C.2023"', 'w:val="venues_opened.C.2023"'), (">3<", ">0<")
    )
    assert {one.change for one in found} == {Change.REBOUND, Change.ALTERED}
    assert {one.binding for one in found} == {"meetings_held.C.2023"}


def test_a_sentence_taken_out_is_named(made, sources):
    """Its figures by their names, its dates by what they said."""
    without = replace(made, blocks=made.blocks[1:])
    found = verify_document(without, made, sources)
    assert [(one.change, one.binding, one.expected) for one in found] == [
        (Change.REMOVED, "meetings_held.C.2023", "3"),
        (Change.REMOVED, "heads.C.2023", "50"),
        (Change.DROPPED, "", "2023年召开会议3次，50人次参加。"),
    ]


def test_a_header_counts_too(made, sources):
    """Numbers in headers, footers and notes are numbers in the document."""
    noted = replace(made, margins=((made.blocks[0].spans[0],),))
    (found,) = verify_document(noted, made, sources)
    assert (found.change, found.shown) == (Change.UNBOUND, "2023")


def test_the_page_is_verified_too(made, sources, tmp_path):
    """The same report as .html holds as made, and is caught where a digit is changed."""
    page = tmp_path / "report.html"
    write_html(made, sources, "C", page)
    remade = read_page(page)
    assert verify_document(read_page(page), remade, sources) == []
    text = page.read_text(encoding="utf-8")
    for shown, changed in ((">50<", ">51<"), ("2023-03-01", "2023-03-07")):
        assert shown in text
        page.write_text(text.replace(shown, changed, 1), encoding="utf-8")
        assert len(verify_document(read_page(page), remade, sources)) == 1


def test_another_program_may_have_saved_it(made, sources, tmp_path):
    """Content controls, the list of bindings and the ids of styles may be lost; names stay."""
    saved = tmp_path / "saved.docx"
    with (
        zipfile.ZipFile(tmp_path / "report.docx") as old,
        zipfile.ZipFile(saved, "w") as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name in ("word/document.xml", "word/styles.xml"):
                data = _saved_elsewhere(data)
            if not name.startswith("customXml"):
                new.writestr(name, data)

    again = read_docx(saved, known_bindings=set(made.bindings.values()))

    assert again.bindings == {}
    assert verify_document(again, made, sources) == []


def _saved_elsewhere(data: bytes) -> bytes:
    root = without_controls(data)
    for style in root.iter(f"{W}style", f"{W}pStyle"):
        key = f"{W}styleId" if style.tag == f"{W}style" else f"{W}val"
        if style.get(key, "").startswith("Sz"):
            style.set(key, style.get(key).replace("Sz", "x"))
    return etree.tostring(root)

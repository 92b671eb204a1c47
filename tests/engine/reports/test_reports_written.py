"""From template and data to a finished document."""

import zipfile
from datetime import date

import pytest
from lxml import etree
from report_county import without_controls

from shuzhi.errors import PackRefused, UserError
from shuzhi.reports.document import Bound, Document, Given, Heading, Paragraph, ProofBlock, plain
from shuzhi.reports.readback import read_docx

PERIOD_DAY = date(2023, 5, 1)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def texts(document: Document) -> list[str]:
    return [plain(block.spans) for block in document.blocks if isinstance(block, Paragraph)]


def test_a_figure_becomes_a_bound_place(make_report):
    """Every figure in the text is tagged with its id, bookmarked, and linked to its annex row."""
    document = make_report("召开会议{{ f.meetings_held }}次。", "{{ annexes }}")

    place = next(document.bound())
    row = next(bound for bound in document.bound() if bound.anchor == place.link)

    assert (place.text, place.binding) == ("3", "meetings_held.C.2023")
    assert row.binding == place.binding
    assert row.link == place.anchor


def test_bookmarks_are_short_unique_and_begin_with_a_letter(make_report, tmp_path):
    """Word refuses other names, and a link to a name given twice leads anywhere."""
    make_report("{{ f.meetings_held }}、{{ f.meetings_held }}、{{ f.heads }}", "{{ annexes }}")
    with zipfile.ZipFile(tmp_path / "report.docx") as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    names = [element.get(f"{W}name") for element in root.iter(f"{W}bookmarkStart")]
    links = {element.get(f"{W}anchor") for element in root.iter(f"{W}hyperlink")}
    ids = [element.get(f"{W}val") for element in root.iter(f"{W}id")]

    assert len(names) == len(set(names))
    assert all(len(name) <= 40 and name[0].isalpha() for name in names)
    assert links <= set(names)
    assert len(ids) == len(set(ids))


def test_the_same_input_gives_the_same_bytes(make_report, tmp_path):
    """A report made again from the same records is the same file."""
    make_report("{{ f.heads }}", "{{ annexes }}", out=tmp_path / "one.docx")
    make_report("{{ f.heads }}", "{{ annexes }}", out=tmp_path / "two.docx")

    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


def test_sections_without_content_stay_away(make_report):
    """A heading under which the data leave nothing goes, and the numbers close up."""
    document = make_report(
        "# 阵地",
        "## 新启用",
        "{% if has.venues_opened %}{{ f.venues_opened }}处。{% endif %}",
        "# 会议",
        "{{ f.meetings_held }}次。",
    )
    headings = [block for block in document.blocks if isinstance(block, Heading)]

    assert [plain(heading.spans) for heading in headings] == ["一、会议"]


def test_a_list_prints_names_only_where_there_are_any(make_report):
    """No "0 venues were opened, namely ."."""
    line = (
        "{% if has.venues_opened %}{{ f.venues_opened }}处：{{ lists.venues.names }}。{% endif %}"
    )
    venue = {"no": "V1", "unit": "T1", "name": "东村书屋"}
    opened = {"venues": [venue | {"opened_on": PERIOD_DAY}]}

    assert texts(make_report(line, "完。")) == ["完。"]
    assert texts(make_report(line, "完。", rows=opened)) == ["1处：东村书屋。", "完。"]


def test_silence_prints_as_a_word(make_report):
    """A figure nobody reported reads 未报送, never 0."""
    line = "{{ f.meetings_held }}|{{ f.heads_per_meeting }}"

    document = make_report(line, rows={}, silent=("T1", "T2"))

    assert texts(document) == ["未报送|未报送"]


def test_nothing_to_divide_by_prints_as_a_word(make_report):
    """Zero meetings are a zero; heads a meeting are then 不适用."""
    document = make_report("{{ f.meetings_held }}|{{ f.heads_per_meeting }}", rows={})

    assert texts(document) == ["0|不适用"]


def test_any_unit_uses_the_same_template(make_report):
    """A township's report has its own figures, and last year's where they are compared."""
    line = (
        "{{ f.meetings_held }}次"
        "{% if up.meetings_held %}，多{{ change.meetings_held }}次{% endif %}"
    )

    assert texts(make_report(line, unit="T1")) == ["2次，多1次"]
    assert texts(make_report(line, unit="T2")) == ["1次，多1次"]


def test_a_unit_that_did_not_exist_is_refused(make_report):
    """The message names the unit and the period."""
    with pytest.raises(UserError, match=r"'T9' did not exist in 2023"):
        make_report("完。", unit="T9")


def test_an_unknown_field_is_refused_near_its_words(make_report):
    """A clerk's slip names its paragraph and what to do."""
    with pytest.raises(PackRefused, match=r"near “共{{ f.meeting }}.*no attribute.*edit-the-temp"):
        make_report("好。", "共{{ f.meeting }}次")


def test_long_proofs_are_cut_with_their_total(make_report):
    """The .docx shows the first records of a figure and says how many there are."""
    document = make_report("{{ f.meetings_held }}", "{{ annexes }}")

    proof = next(
        block
        for block in document.blocks
        if isinstance(block, ProofBlock) and block.binding == "meetings_held.C.2023"
    )

    assert (proof.total, proof.shown, len(proof.rows)) == (3, 2, 2)
    assert proof.rows[0][:4] == ("A1", "青石镇", "2023-02-01", "1")


def test_a_ratio_names_its_operands(make_report):
    """The proof of a derived figure leads to those of its parts."""
    document = make_report("{{ f.heads_per_meeting }}", "{{ annexes }}")

    proofs = {block.binding: block for block in document.blocks if isinstance(block, ProofBlock)}
    parts = proofs["heads_per_meeting.C.2023"].parts
    operands = [span for part in parts for span in part if isinstance(span, Bound)]

    assert [span.binding for span in operands] == ["heads.C.2023", "meetings_held.C.2023"]
    assert {span.link for span in operands} == {
        proofs["heads.C.2023"].anchor,
        proofs["meetings_held.C.2023"].anchor,
    }


def test_reading_back_survives_lost_controls(make_report, tmp_path):
    """An office suite that drops content controls leaves bookmarks that tell the same."""
    made = make_report("召开{{ f.meetings_held }}次，共{{ f.heads }}人次。", "{{ annexes }}")
    kept = tmp_path / "kept.docx"
    with zipfile.ZipFile(tmp_path / "report.docx") as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                root = without_controls(data)
                data = etree.tostring(root)
            if not name.startswith("customXml"):
                new.writestr(name, data)

    again = read_docx(kept, known_bindings=set(made.bindings.values()))

    assert [(b.binding, b.text) for b in again.bound()] == [
        (b.binding, b.text) for b in made.bound()
    ]


def test_markers_in_the_data_bind_nothing(make_report):
    """A cell that holds the marker characters cannot pass for a figure."""
    forged = "\ue000heads.C.2023\ue0019999\ue002"
    venue = {"no": "V1", "unit": "T1", "name": f"书屋{forged}", "opened_on": PERIOD_DAY}

    document = make_report("{{ lists.venues.names }}", rows={"venues": [venue]})

    assert list(document.bound()) == []
    spans = next(block.spans for block in document.blocks if isinstance(block, Paragraph))
    assert [type(span) for span in spans] == [Given]


def test_numerals_in_names_are_given(make_report):
    """东村二村 and 第3街道 are names: the lint lets them through, wherever they stand."""
    venue = {"no": "V1", "unit": "T2", "name": "东村二村书屋", "opened_on": PERIOD_DAY}
    line = "{{ unit.name }}：{{ lists.venues.names }}"

    document = make_report(line, rows={"venues": [venue]}, unit="T2")

    assert texts(document) == ["第3街道：东村二村书屋"]


def test_english_is_complete(make_report):
    """The same report in English, with grouped thousands and words for states."""
    crowd = {"no": "A1", "unit": "T1", "held_on": PERIOD_DAY, "title": "x", "attended": 12345}

    document = make_report(
        "{{ f.heads }} heads", "{{ annexes }}", lang="en", rows={"meetings": [crowd]}
    )

    assert texts(document)[0] == "12,345 heads"
    assert document.lang == "en"
    assert "Figures" in " ".join(plain(spans) for spans in document.texts())

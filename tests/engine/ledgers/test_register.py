"""A unit's register holds all that is its own, nothing of another's, and can be checked."""

import hashlib
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sealed_county import meeting, small_ledgers, small_pack

from shuzhi.checks.model import Flag
from shuzhi.checks.output import flags_to_arrow
from shuzhi.errors import UserError
from shuzhi.ledgers.register import write_register
from shuzhi.ledgers.workbooks import read_workbook
from shuzhi.packs.model import Pack

DAY = date(2023, 3, 9)
FLAGS = (
    Flag("duplicate", "QH-T01", "meetings", ("M1", "M2"), "2023", "是否同一次会议？", "两次会议"),
    Flag("missing_return", "QH-T02", "meetings", (), "2023-Q2", "为何未报？", "尚在途中"),
)


def activity(number: str, unit: str, photos: str) -> dict[str, Any]:
    return {
        "activity_no": number, "unit": unit, "held_on": DAY, "title": "读书会", "photos": photos,
        "_id": number, "_precision": "day", "_file": "a.xlsx", "_sheet": "活动", "_row": 5,
    }  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> Pack:
    return small_pack()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source with two photos, another unit's workbook and a link out of it."""
    folder = tmp_path / "source"
    (folder / "evidence" / "青石镇").mkdir(parents=True)
    (folder / "evidence" / "青石镇" / "甲.jpg").write_bytes(b"first")
    (folder / "evidence" / "b.jpg").write_bytes(b"second")
    (folder / "白水镇.xlsx").write_bytes(b"another unit's")
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (folder / "evidence" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    return folder


def _write(
    pack: Pack, out: Path, unit: str = "QH-T01", *, source: Path | None = None,
    flags: pa.Table | None = None, lang: str = "zh", **rows: list[dict[str, Any]],
) -> dict[str, bytes]:  # fmt: skip
    write_register(
        small_ledgers(pack, **rows), pack, unit, out, source=source, flags=flags, lang=lang
    )
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _rows(content: bytes, path: Path) -> dict[str, list[list[object]]]:
    path.write_bytes(content)
    return {sheet.name: sheet.rows for sheet in read_workbook(path)}


def test_it_holds_the_records_at_or_below_and_no_others(pack: Pack, tmp_path: Path) -> None:
    """With id, file, sheet and row; a village that ended is counted to its township of that day."""
    meetings = [
        meeting("M1", "QH-T01", DAY, "镇会"),
        meeting("M2", "QH-T01-V01", DAY, "村会"),
        meeting("M3", "QH-T02", DAY, "邻镇的会"),
        meeting("M4", "QH", DAY, "县里的会"),
    ]
    files = _write(pack, tmp_path / "r.zip", meetings=meetings)
    sheets = _rows(files["台账.xlsx"], tmp_path / "r.xlsx")
    header, *rows = sheets["会议"]
    assert [row[header.index("会议名称")] for row in rows] == ["镇会", "村会"]
    assert rows[1][header.index("召开单位")] == "上河村（QH-T01-V01）"
    assert rows[0][-5:] == ["M1", "日", "QH-T01/会议.xlsx", "会议", 3]


def test_problems_and_flags_are_the_units_own(pack: Pack, tmp_path: Path) -> None:
    flags = flags_to_arrow(FLAGS)
    own = _rows(_write(pack, tmp_path / "1.zip", flags=flags)["台账.xlsx"], tmp_path / "1.xlsx")
    other = _rows(
        _write(pack, tmp_path / "2.zip", "QH-T02", flags=flags)["台账.xlsx"], tmp_path / "2.xlsx"
    )
    office = _rows(
        _write(pack, tmp_path / "3.zip", "QH", flags=flags)["台账.xlsx"], tmp_path / "3.xlsx"
    )
    assert [row[2] for row in own["问题"][1:]] == ["H4"]
    assert [row[1] for row in own["疑点"][1:]] == ["duplicate"]
    assert own["疑点"][1][4] == "M1; M2"
    assert other["问题"][1:] == []
    assert [row[1] for row in other["疑点"][1:]] == ["missing_return"]
    assert (len(office["问题"]), len(office["疑点"])) == (2, 3)


def test_evidence_comes_along(pack: Pack, source: Path, tmp_path: Path) -> None:
    """Each file once, with the records that name it; what is not there is listed as missing."""
    activities = [
        activity("A1", "QH-T01", "青石镇/甲.jpg；evidence/b.jpg"),
        activity("A2", "QH-T01", "b.jpg; nowhere.jpg"),
        activity("A3", "QH-T02", "b.jpg"),
    ]
    files = _write(pack, tmp_path / "r.zip", source=source, activities=activities)
    assert files["evidence/青石镇/甲.jpg"] == b"first"
    assert set(files) == {
        "台账.xlsx", "evidence/b.jpg", "evidence/青石镇/甲.jpg", "SHA256SUMS",
    }  # fmt: skip
    _, *listed = _rows(files["台账.xlsx"], tmp_path / "r.xlsx")["佐证"]
    digest = hashlib.sha256(b"second").hexdigest()
    assert [row[1:4] for row in listed] == [
        ["A1", "青石镇/甲.jpg", "evidence/青石镇/甲.jpg"],
        ["A1", "evidence/b.jpg", "evidence/b.jpg"],
        ["A2", "b.jpg", "evidence/b.jpg"],
        ["A2", "nowhere.jpg", "未找到"],
    ]
    assert listed[1][4] == digest


@pytest.mark.parametrize(
    "name",
    ["../secret.jpg", "../../secret.jpg", "link.jpg", "../白水镇.xlsx", "白水镇.xlsx",
     "evidence/../../secret.jpg", "/etc/passwd", "evidence", ".", "\x00", "x" * 300],
)  # fmt: skip
def test_no_name_leads_out_of_the_evidence(
    pack: Pack, source: Path, tmp_path: Path, name: str
) -> None:
    """Neither to the machine's files nor to another unit's workbook."""
    files = _write(
        pack, tmp_path / "r.zip", source=source, activities=[activity("A1", "QH-T01", name)]
    )
    assert set(files) == {"台账.xlsx", "SHA256SUMS"}


def test_the_index_sums_every_file(pack: Pack, source: Path, tmp_path: Path) -> None:
    """In the form `sha256sum --check` reads."""
    files = _write(
        pack, tmp_path / "r.zip", source=source, activities=[activity("A1", "QH-T01", "b.jpg")]
    )
    lines = files.pop("SHA256SUMS").decode().splitlines()
    assert {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }


def test_persons_are_left_out(pack: Pack, tmp_path: Path) -> None:
    duty = {
        "unit": "QH-T01", "duty": "牵头", "person": "9f86d081884c7d65", "assigned_on": DAY,
        "_id": "d1", "_precision": "day", "_file": "a.xlsx", "_sheet": "责任", "_row": 3,
    }  # fmt: skip
    files = _write(pack, tmp_path / "r.zip", duties=[duty])
    sheets = _rows(files["台账.xlsx"], tmp_path / "r.xlsx")
    assert pack.tables["duties"].label["zh"] in sheets
    with zipfile.ZipFile(BytesIO(files["台账.xlsx"])) as parts:
        assert not any(b"9f86d081884c7d65" in parts.read(name) for name in parts.namelist())


def test_equal_content_gives_an_equal_archive(pack: Pack, source: Path, tmp_path: Path) -> None:
    """Whenever it is written, and however old the files are."""
    activities = [activity("A1", "QH-T01", "b.jpg")]
    _write(pack, tmp_path / "1.zip", source=source, activities=activities)
    (source / "evidence" / "b.jpg").write_bytes(b"second")
    _write(pack, tmp_path / "2.zip", source=source, activities=activities)
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_in_english_and_without_files(pack: Pack, tmp_path: Path) -> None:
    files = _write(pack, tmp_path / "r.zip", lang="en")
    sheets = _rows(files["register.xlsx"], tmp_path / "r.xlsx")
    assert list(sheets)[:2] == ["Contents", "Meetings"]
    assert sheets["Meetings"][0][0] == "Meeting no."


def test_an_unknown_unit_is_refused(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no unit QH-T9"):
        _write(pack, tmp_path / "r.zip", "QH-T9")
    assert list(tmp_path.iterdir()) == []

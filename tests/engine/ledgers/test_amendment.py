"""An amendment holds what was sent again, and reads as if everything had been sealed anew."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sealed_county import PACK_FOLDER, meeting, small_extras, small_ledgers, tiny_pack_in

from shuzhi import verify_edition
from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.amended_tables import AmendedTables
from shuzhi.ledgers.amendment import seal_amendment
from shuzhi.ledgers.edition import Edition, SealTerms, open_edition, seal_edition
from shuzhi.ledgers.manifest import Supersession
from shuzhi.ledgers.model import Ledgers, Return, ReturnState, SheetAccount, SourceFile
from shuzhi.ledgers.persons_again import number_as_before
from shuzhi.ledgers.resent import amend_ledgers
from shuzhi.ledgers.sealed_tables import StoredTables
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack

UNITS = ("QH", "QH-T01", "QH-T02", "QH-T01-V01", "QH-T01-V02", "nowhere")
FILES = tuple(f"{unit}/会议.xlsx" for unit in UNITS[1:4])
SCRIPT = Path(__file__).with_name("amend_and_die.py")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The tree and the meetings, and nothing else."""
    return tiny_pack_in(tmp_path_factory.mktemp("pack"))


def sent(pack: Pack, by_file: dict[str, list[dict[str, Any]]]) -> Ledgers:
    """Ledgers of a sheet of meetings a file, each the return of the file's unit."""
    rows = [row | {"_file": file, "_row": n} for file in by_file
            for n, row in enumerate(by_file[file], start=3)]  # fmt: skip
    return replace(
        small_ledgers(pack, meetings=rows),
        returns=tuple(
            sorted(Return("meetings", file.partition("/")[0], "2023-Q1", ReturnState.ROWS, file,
                          "会议") for file in by_file)
        ),
        sources=tuple(SourceFile(file, sha256(repr(by_file[file]).encode()).hexdigest(), 9)
                      for file in sorted(by_file)),
        sheets=tuple(
            SheetAccount(file, "会议", "meetings", (2,), {}, len(by_file[file]),
                         len(by_file[file]), 0, 0) for file in sorted(by_file)
        ),
        problems=(),
    )  # fmt: skip


def amended(earlier: Path, resent: Ledgers, out: Path) -> Edition:
    opened = open_edition(earlier)
    ledgers = amend_ledgers(opened.ledgers, resent, opened.pack)
    terms = SealTerms(Supersession(opened.manifest.root, "sent again"))
    seal_amendment(out, opened, ledgers, {}, terms)
    return open_edition(out)


def draw_rows(chance: Random, file: str, length: int) -> list[dict[str, Any]]:
    return [
        meeting(
            f"{file}{number}", chance.choice(UNITS), date(2023, 1, 1 + chance.randrange(28)), "会",
            attended=chance.choice((None, *range(9))), held_on=None,
        )
        | ({} if chance.random() < 0.1 else {"held_on": date(2023, 1, 1 + chance.randrange(28))})
        for number in chance.sample(range(40), length)
    ]  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**9), sizes=st.tuples(*[st.integers(0, 30)] * 3))
def test_it_reads_as_if_all_were_sealed_anew(
    tmp_path_factory: pytest.TempPathFactory, pack: Pack, seed: int, sizes: tuple[int, int, int]
) -> None:
    """Any files sent again, and one of them once more: rows, parts, row by row and by unit."""
    folder, chance = tmp_path_factory.mktemp("editions"), Random(seed)  # noqa: S311 chance that repeats
    rows = {file: draw_rows(chance, file, size) for file, size in zip(FILES, sizes, strict=True)}
    seal_edition(folder / "0", pack, sent(pack, rows), {})
    for step in (1, 2):
        again = {file: draw_rows(chance, file, chance.randrange(30))
                 for file in chance.sample(FILES, 3 - step)}  # fmt: skip
        found = amended(folder / str(step - 1), sent(pack, again), folder / str(step))
        rows |= again
        seal_edition(folder / f"whole{step}", pack, sent(pack, rows), {})
        expected = open_edition(folder / f"whole{step}")
        for part in ("returns", "sources", "sheets", "problems"):
            assert tuple(getattr(found.ledgers, part)) == tuple(getattr(expected.ledgers, part))
        whole, tables = expected.ledgers.tables["meetings"], found.ledgers.tables
        assert tables["meetings"].equals(whole)
        assert isinstance(tables, AmendedTables)
        hold_to(tables, whole, chance)


def hold_to(tables: StoredTables, whole: pa.Table, chance: Random) -> None:
    columns = ["unit", "held_on", "_id", "attended"]
    assert tables.rows("meetings") == len(whole)
    parts = list(tables.batches("meetings", columns))
    assert all(len(part) % 8 == 0 for part in parts[:-1])
    plain = [part.cast(whole.select(columns).schema) for part in parts]
    assert pa.concat_tables([whole.select(columns).slice(0, 0), *plain]).equals(
        whole.select(columns)
    )
    places = np.array(chance.sample(range(len(whole)), len(whole) // 2), dtype=np.int64)
    at = tables.at("meetings", places, columns)
    assert at.equals(whole.select(columns).take(pa.array(places)))
    units = chance.sample(UNITS, 2)
    of_units = tables.of_units("meetings", "unit", units, columns)
    expected = [row for row in whole.select(columns).to_pylist() if row["unit"] in units]
    assert sorted(of_units.to_pylist(), key=str) == sorted(expected, key=str)


@pytest.fixture
def sealed(pack: Pack, tmp_path: Path) -> Path:
    """Three files; one record stands in two of them."""
    rows = {file: [meeting(f"{file}{n}", file.partition("/")[0], date(2023, 1, n), "会")
                   for n in range(1, 9)] for file in FILES}  # fmt: skip
    rows[FILES[1]].append(meeting("twice-2", "QH-T02", date(2023, 1, 9), "会"))
    rows[FILES[0]].append(meeting("twice", "QH-T01", date(2023, 1, 9), "会"))
    seal_edition(tmp_path / "first", pack, sent(pack, rows), small_extras())
    return tmp_path / "first"


def one_more(sealed: Path) -> dict[str, list[dict[str, Any]]]:
    """The first file with a cell changed, a record less and one more."""
    rows = open_edition(sealed).ledgers.tables["meetings"].to_pylist()
    again = [row for row in rows if row["_file"] == FILES[0]][1:]
    again[0]["attended"] = 3
    return {FILES[0]: [*again, meeting("new", "QH-T01", date(2023, 1, 5), "会")]}


def test_it_holds_what_changed_and_nothing_else(pack: Pack, sealed: Path, tmp_path: Path) -> None:
    """Neither records that are as they were, nor the pack, nor the units."""
    amended(sealed, sent(pack, one_more(sealed)), tmp_path / "second")
    files = {p.relative_to(tmp_path / "second").as_posix()
             for p in (tmp_path / "second").rglob("*") if p.is_file()}  # fmt: skip
    assert files == {
        "changes/meetings.parquet", "tables/meetings.parquet", "sources.parquet",
        "datapackage.json", "manifest.json",
    }  # fmt: skip
    tables = open_edition(tmp_path / "second").ledgers.tables
    assert isinstance(tables, AmendedTables)
    assert set(tables.changes["meetings"].came["_id"].to_pylist()) >= {"new", f"{FILES[0]}2"}
    assert f"{FILES[0]}1" in tables.ids_gone("meetings").to_pylist()


def test_a_return_takes_nothing_from_another(pack: Pack, sealed: Path, tmp_path: Path) -> None:
    """A record that another file holds too keeps its own id there, and its number here."""
    again = {FILES[1]: [meeting("twice", "QH-T02", date(2023, 2, 1), "会")]}
    found = amended(sealed, sent(pack, again), tmp_path / "second")
    ids = {r["_id"]: r["_file"] for r in found.ledgers.tables["meetings"].to_pylist()}
    assert (ids["twice"], ids["twice-2"]) == (FILES[0], FILES[1])
    assert sum(file == FILES[1] for file in ids.values()) == 1


def test_equal_content_gives_equal_bytes(pack: Pack, sealed: Path, tmp_path: Path) -> None:
    resent = sent(pack, one_more(sealed))
    roots = {amended(sealed, resent, tmp_path / name).manifest.root for name in ("a", "b")}
    assert len(roots) == 1


def test_the_edition_it_amends_must_be_there_and_whole(
    pack: Pack, sealed: Path, tmp_path: Path
) -> None:
    """Not beside it, or changed: one message that says so."""
    second = amended(sealed, sent(pack, one_more(sealed)), tmp_path / "second").path
    root = open_edition(sealed).manifest.root
    sealed.rename(tmp_path / "renamed")
    assert open_edition(second).manifest.supersedes == Supersession(root, "sent again")
    (tmp_path / "away").mkdir()
    (tmp_path / "renamed").rename(tmp_path / "away" / "first")
    with pytest.raises(InputRefused, match=f"amends the edition .*{root}.* not beside it"):
        open_edition(second)
    back = (tmp_path / "away" / "first").rename(sealed)
    with (back / "tables" / "meetings.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(InputRefused, match=r"changed: tables/meetings\.parquet"):
        open_edition(second)


def test_another_version_of_the_pack_is_refused(pack: Pack, sealed: Path, tmp_path: Path) -> None:
    opened = open_edition(sealed)
    ledgers = amend_ledgers(opened.ledgers, sent(pack, one_more(sealed)), opened.pack)
    other = replace(opened, pack=replace(opened.pack, version="1999"))
    terms = SealTerms(Supersession(opened.manifest.root, "x"))
    seal_amendment(tmp_path / "second", other, ledgers, {}, terms)
    with pytest.raises(InputRefused, match="is of the pack annual-duty 1999, and amends"):
        open_edition(tmp_path / "second")


def test_every_changed_or_missing_file_is_named(pack: Pack, sealed: Path, tmp_path: Path) -> None:
    second = amended(sealed, sent(pack, one_more(sealed)), tmp_path / "second").path
    for path in sorted(p for p in second.rglob("*") if p.is_file()):
        content = path.read_bytes()
        name = path.relative_to(second).as_posix()
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        with pytest.raises(InputRefused, match=name):
            open_edition(second)
        path.unlink()
        with pytest.raises(InputRefused, match=name):
            open_edition(second)
        path.write_bytes(content)
    open_edition(second)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sheets": ()}, "no sheet holds a table"),
        ({"sheets": (SheetAccount("u.xlsx", "单位", "units", (1,), {}, 1, 1, 0, 0),)},
         "holds units"),
        ({"returns": (), "sheets": (SheetAccount("x.xlsx", "会议", "meetings", (1,), {}, 1, 1, 0,
                                                 0),)}, "whose return it is"),
        ({"returns": ()}, "also holds meetings of QH-T01 for 2023-Q1"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(
    pack: Pack, sealed: Path, change: dict[str, Any], message: str
) -> None:
    opened = open_edition(sealed)
    resent = replace(sent(pack, one_more(sealed)), **change)
    with pytest.raises(InputRefused, match=message):
        amend_ledgers(opened.ledgers, resent, opened.pack)


def test_a_workbook_sent_with_a_sheet_less_is_refused(pack: Pack, tmp_path: Path) -> None:
    ledgers = sent(pack, {file: [] for file in FILES})
    more = SheetAccount(FILES[0], "会议二", "meetings", (2,), {}, 0, 0, 0, 0)
    ledgers = replace(ledgers, sheets=(*ledgers.sheets, more))
    seal_edition(tmp_path / "first", pack, ledgers, {})
    opened = open_edition(tmp_path / "first")
    with pytest.raises(InputRefused, match="sent again without 会议二"):
        amend_ledgers(opened.ledgers, sent(pack, {FILES[0]: []}), opened.pack)


def lectures(pack: Pack, *speakers: str) -> Ledgers:
    """A study session a speaker, of the file's sum that its speakers make."""
    rows = [
        {"unit": "QH-T01", "held_on": date(2023, 1, 1), "lecturer": speaker, "_id": f"s{number}",
         "_file": "学习.xlsx", "_sheet": "学习", "_row": number}
        for number, speaker in enumerate(speakers)
    ]  # fmt: skip
    digest = sha256(repr(speakers).encode()).hexdigest()
    sources = (SourceFile("学习.xlsx", digest, 9),)
    return replace(small_ledgers(pack, study_sessions=rows), sources=sources)


def test_persons_keep_their_numbers() -> None:
    """By the records of both readings; who is new gets a number that nobody has."""
    pack = load_pack(PACK_FOLDER)
    before = lectures(pack, "wang", "li", "wang")
    earlier = replace(lectures(pack, "1", "2", "1"), sources=before.sources)
    again = number_as_before(earlier, before, lectures(pack, "li", "zhao", "wang"), pack)
    assert again.tables["study_sessions"]["lecturer"].to_pylist() == ["2", "3", "1"]
    with pytest.raises(InputRefused, match=r"学习\.xlsx is not the file that the edition"):
        number_as_before(earlier, lectures(pack, "wang", "li"), before, pack)


def test_it_can_be_checked_without_the_library(pack: Pack, sealed: Path, tmp_path: Path) -> None:
    """verify_edition.py says what it has checked, and with the earlier edition checks both."""
    second = amended(sealed, sent(pack, one_more(sealed)), tmp_path / "second").path

    def said(*more: object) -> tuple[int, str]:
        done = subprocess.run(  # noqa: S603 our own interpreter and script
            [sys.executable, "-I", verify_edition.__file__, str(second), *map(str, more)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    assert said()[0] == 0
    assert "not checked" in said()[1]
    assert said("--supersedes", sealed)[0] == 0
    assert "not checked" not in said("--supersedes", sealed)[1]
    (sealed / "units.parquet").write_bytes(b"")
    code, words = said("--supersedes", sealed)
    assert code == 1
    assert "units.parquet was changed" in words


def test_the_manifest_says_what_it_is(pack: Pack, sealed: Path, tmp_path: Path) -> None:
    """A version that does not know amendments refuses it, for it reads another format."""
    second = amended(sealed, sent(pack, one_more(sealed)), tmp_path / "second").path
    manifest = json.loads((second / "manifest.json").read_text())
    assert manifest["format"] == "shuzhi-amendment/1"
    del manifest["supersedes"]
    (second / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputRefused, match="no manifest this version reads"):
        open_edition(second)


def test_it_is_not_written_over_another(pack: Pack, sealed: Path) -> None:
    with pytest.raises(UserError, match="is there already"):
        amended(sealed, sent(pack, one_more(sealed)), sealed)


def test_killed_anywhere_it_is_absent_or_whole(pack: Pack, tmp_path: Path) -> None:
    """kill -9 before every file operation of the sealing; the next one succeeds."""
    run = subprocess.run(  # noqa: S603 our own interpreter and script
        [sys.executable, str(SCRIPT), str(pack.path), str(tmp_path / "second")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    outcomes = run.stdout.splitlines()
    assert len(outcomes) >= 25
    assert {"killed absent"} <= set(outcomes) <= {"killed absent", "killed whole", "done whole"}
    assert outcomes[-1] == "done whole"
    assert not list(tmp_path.glob(".second.partial-*"))

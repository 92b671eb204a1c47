"""A correction after sealing: a new edition that supersedes, and what moved between the two."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from docx import Document

from command_line import ROOT, call_shuzhi, run_shuzhi
from shuzhi import pipeline
from shuzhi.pipeline import Source

REASON = "东岭乡误报三次会议"


@pytest.fixture(scope="module")
def first(county_source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("editions") / "first"
    pipeline.seal_source(county_source, out)
    return out


@pytest.fixture(scope="module")
def withdrawn(county_source: Source) -> list[str]:
    """Three of a township's meetings of 2023."""
    rows = county_source.ledgers.tables["meetings"].to_pylist()
    return [r["_id"] for r in rows if r["unit"] == "QH-T01" and r["held_on"].year == 2023][:3]


@pytest.fixture(scope="module")
def second(county_source: Source, first: Path, withdrawn: list[str]) -> Path:
    """Three meetings withdrawn, one activity with forty more heads, one case added."""
    tables = dict(county_source.ledgers.tables)
    tables["meetings"] = _kept(tables["meetings"], lambda row: row["_id"] not in withdrawn)
    rows = tables["activities"].to_pylist()
    chosen = next(r for r in rows if r["unit"] == "QH-T02" and r["held_on"].year == 2023)
    chosen["heads"] += 40
    tables["activities"] = pa.Table.from_pylist(rows, schema=tables["activities"].schema)
    case = dict(tables["cases"].to_pylist()[0]) | {"_id": "X-1", "case_no": "X-1"}
    more = pa.Table.from_pylist([case], schema=tables["cases"].schema)
    tables["cases"] = pa.concat_tables([tables["cases"], more])
    corrected = replace(county_source, ledgers=replace(county_source.ledgers, tables=tables))
    out = first.with_name("second")
    pipeline.seal_source(corrected, out, supersedes=first, because=REASON)
    return out


def _kept(table: pa.Table, keep) -> pa.Table:  # type: ignore[no-untyped-def]
    return pa.Table.from_pylist([row for row in table.to_pylist() if keep(row)], table.schema)


@pytest.fixture(scope="module")
def found(first: Path, second: Path) -> dict:  # type: ignore[type-arg]
    done = run_shuzhi("diff", first, second, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)  # type: ignore[no-any-return]


def test_the_records_are_named_with_what_became_of_them(found: dict, withdrawn: list[str]) -> None:  # type: ignore[type-arg]
    changes = {(r["table"], r["record"]): r for r in found["records"]}
    assert {k[1] for k, r in changes.items() if r["change"] == "withdrawn"} == set(withdrawn)
    assert changes["cases", "X-1"]["change"] == "added"
    (heads,) = [r for r in found["records"] if r["change"] == "changed"]
    ((column, before, after),) = heads["cells"]
    assert (column, int(after) - int(before)) == ("heads", 40)
    assert len(found["records"]) == len(withdrawn) + 2


def test_each_moved_figure_names_the_records_that_moved_it(
    found: dict,  # type: ignore[type-arg]
    withdrawn: list[str],
) -> None:
    moved = {(f["indicator"], f["unit"], f["period"]): f for f in found["figures"]}
    held = moved["meetings_held", "QH-T01", "2023"]
    assert held["by"] == -3
    assert {record for _, record in held["records"]} == set(withdrawn)
    assert held["causes"] == []
    assert moved["meetings_held", "QH", "2023"]["by"] == -3
    assert not [f for f in found["figures"] if not f["records"] and not f["causes"]]
    assert found["reason"] == REASON


def test_the_sentences_that_change_stand_side_by_side(found: dict) -> None:  # type: ignore[type-arg]
    assert any("召开各类会议" in s["old"] and s["old"] != s["new"] for s in found["sentences"])


def test_the_docx_holds_what_the_table_says(first: Path, second: Path, tmp_path: Path) -> None:
    out = tmp_path / "diff.docx"
    done = call_shuzhi("diff", first, second, "--format", "docx", "--out", out, "--lang", "en")
    assert done.code == 0, done.err
    document = Document(str(out))
    assert any(REASON in paragraph.text for paragraph in document.paragraphs)
    assert [len(table.rows) - 1 for table in document.tables][1] == 5


def test_an_edition_does_not_differ_from_itself(first: Path) -> None:
    found = pipeline.diff(first, first)
    assert (found.moves, found.records, found.sentences) == ((), (), ())


@pytest.mark.parametrize(
    ("further", "message"),
    [
        (("--because", "x"), "both --supersedes"),
        (
            ("--period", "2022", "--because", "x", "--supersedes", "FIRST"),
            "is of 2023, not of 2022",
        ),
    ],
)
def test_a_correction_that_does_not_hold_together_is_refused(
    first: Path, tmp_path: Path, further: tuple[str, ...], message: str
) -> None:
    arguments = [first if word == "FIRST" else word for word in further]
    done = call_shuzhi("seal", first, "--out", tmp_path / "new", *arguments)
    assert done.code == 2
    assert message in done.err
    assert not (tmp_path / "new").exists()


def test_the_bytes_do_not_depend_on_time_zone_or_locale(first: Path, tmp_path: Path) -> None:
    """Edition and documents of one township, made anew from the edition."""
    made = []
    for zone, locale in (("UTC", "C"), ("Asia/Shanghai", "zh_CN.UTF-8"), ("America/New_York", "C")):
        out = tmp_path / zone.replace("/", "-")
        arguments = [
            "report",
            str(first),
            "--period",
            "2023",
            "--unit",
            "QH-T01",
            "--out",
            str(out),
        ]
        done = subprocess.run(
            [sys.executable, "-m", "shuzhi", *arguments],
            env={**os.environ, "TZ": zone, "LC_ALL": locale, "LANG": locale},
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        made.append(
            {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
        )
    assert made[0].keys() == made[1].keys() == made[2].keys()
    assert [name for name in made[0] if not made[0][name] == made[1][name] == made[2][name]] == []

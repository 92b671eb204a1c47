"""A programme of other duties, other levels and another year runs on the same engine."""

import json
import re
import runpy
import subprocess
import sys
import tomllib

import pytest

from command_line import EXAMPLE, ROOT, SAFETY, call_shuzhi

ENGINE = ROOT / "src" / "shuzhi"
# Words of the engine itself, that a pack uses as a name too.
_OF_THE_ENGINE = {"units", "promises", "bulletins"}
# The example county is content; the attacks on packs and templates bring packs of their own.
_CONTENT = ("demo", "prove")


@pytest.fixture(scope="module")
def safety_report(tmp_path_factory):
    out = tmp_path_factory.mktemp("safety") / "out"
    done = call_shuzhi("report", EXAMPLE, "--pack", SAFETY, "--period", "2025", "--out", out)
    assert done.code == 0, done.err
    return out


def test_its_report_comes_in_every_format_and_holds(safety_report):
    """Word, page and PDF are there, and every number is what the records say."""
    for name in ("report.docx", "report.html", "report.pdf"):
        assert (safety_report / name).stat().st_size > 20_000
    done = call_shuzhi("verify", safety_report / "report.docx", safety_report / "edition")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_its_report_says_what_the_workbooks_say(safety_report):
    """Figures worked out apart, from the generator's rows, stand in the text."""
    safety = runpy.run_path(str(ROOT / "tools" / "build_safety_example.py"))
    rows = sent_rows(safety)
    hazards = [row for row in rows["hazards"] if row["kind"] != "噪声"]
    open_at_the_end = [
        row for row in hazards if not row["fixed_on"] or row["fixed_on"].year > safety["YEAR"]
    ]
    text = page_text(safety_report)

    assert f"共排查隐患{len(hazards)}个" in text
    assert f"截至期末，未整改{len(open_at_the_end)}个" in text
    assert f"开展应急演练{len(rows['drills'])}次" in text
    assert f"举办安全培训{len(rows['trainings'])}期" in text
    assert f"全年上报事故事件{len(rows['incidents'])}起" in text


def sent_rows(safety):
    """Every row the generator puts into a workbook, by table."""
    rows = {name: [] for name in safety["ROWS"]}
    lay_out = safety["_lay_out"]

    def keep(table, sent, *rest):
        rows[table.name] += sent
        return lay_out(table, sent, *rest)

    lay_out.__globals__["_lay_out"] = keep
    lay_out.__globals__["write_grids"] = lambda *_: None
    for code, name, level, *_ in safety["UNITS"]:
        for period in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025"):
            period = safety["parse_period"](period)
            safety["_write_book"](EXAMPLE, code, name, level, period, safety["Hand"](code))
    return rows


def page_text(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    return re.sub(r"<[^>]+>|\s", "", page)


def test_its_example_is_what_its_tool_builds(tmp_path):
    """tools/build_safety_example.py is the source; the workbooks are not stale.

    In a process of its own: odfpy declares in a file the namespaces met in those before it.
    """
    tool = ROOT / "tools" / "build_safety_example.py"
    subprocess.run([sys.executable, tool, tmp_path], check=True)
    built = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    kept = {p.relative_to(EXAMPLE): p.read_bytes() for p in EXAMPLE.rglob("*") if p.is_file()}

    assert built == kept


def names_of(pack):
    """Tables, columns and indicators of a pack."""
    tables = [json.loads(p.read_text("utf-8")) for p in (pack / "tables").glob("*.json")]
    indicators = [tomllib.loads(p.read_text("utf-8")) for p in (pack / "indicators").glob("*.toml")]
    return {table["name"] for table in tables} | {name for file in indicators for name in file}


@pytest.mark.parametrize("pack", ["annual-duty", "workplace-safety"])
def test_the_engine_knows_no_name_of_it(pack):
    """No table or indicator of a pack stands in the engine's code as a text."""
    names = names_of(ROOT / "packs" / pack) - _OF_THE_ENGINE
    assert len(names) > 50
    known = [
        f"{path.relative_to(ENGINE)}: {word}"
        for path in ENGINE.rglob("*.py")
        if path.relative_to(ENGINE).parts[0] not in _CONTENT
        for word in re.findall(r"""["'](\w+)["']""", path.read_text("utf-8"))
        if word in names
    ]
    assert known == []


@pytest.mark.parametrize("pack", ["annual-duty", "workplace-safety"])
def test_the_engine_does_not_ask_which_pack_it_runs(pack):
    """Nor does the pack's own name."""
    for path in ENGINE.rglob("*.py"):
        if "demo" not in path.relative_to(ENGINE).with_suffix("").parts:
            assert pack not in path.read_text("utf-8"), path


def test_declared_and_verified_totals_stand_side_by_side(safety_report):
    """A hazard entered twice is in the one and not in the other; the edition's flags say which."""
    page = (safety_report / "report.html").read_text(encoding="utf-8")
    bound = dict(re.findall(r'data-binding="(hazards_found\.HC\.2025[^"]*)">([^<]*)<', page))
    done = call_shuzhi("check", safety_report / "edition", "--format", "json")
    doubted = [
        record
        for flag in json.loads(done.out)
        if flag["check"] == "duplicate" and flag["table"] == "hazards"
        for record in flag["records"]
    ]
    assert len(doubted) == 2
    assert bound["hazards_found.HC.2025:doubted"] == "2"
    declared = int(bound["hazards_found.HC.2025"])
    assert int(bound["hazards_found.HC.2025:verified"]) == declared - 2

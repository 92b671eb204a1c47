"""What every command promises: quick help, a page in the reference, short errors."""

import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from command_line import PACK, ROOT, call_shuzhi
from shuzhi.cli.app import app

HEAVY = [
    "pyarrow",
    "duckdb",
    "sqlglot",
    "docx",
    "docxtpl",
    "typst",
    "openpyxl",
    "rapidfuzz",
    "PIL",
    "lxml",
    "numpy",
    "rensa",
]


def commands(group: click.Group = app, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command's path: ("report",), ("pack", "lint"), …"""
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_help_loads_nothing_heavy(command):
    """`--help` answers at once because it loads no stage; the benchmark measures it."""
    code = (
        "import sys\nfrom shuzhi.cli.app import run\n"
        f"code = run({[*command, '--help']!r})\n"
        f"print('LOADED', sorted(set(sys.modules) & set({sorted(HEAVY)!r})), code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: shuzhi " + " ".join(command))
    assert done.stdout.splitlines()[-1] == "LOADED [] 0"


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_is_in_the_reference(command):
    """docs/reference/commands.md has a section a command, and each of its options in it."""
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    _, _, section = page.partition(f"\n## shuzhi {' '.join(command)}\n")
    section = section.partition("\n## ")[0]
    assert section
    found: click.Command = app
    for name in command:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name)
    for parameter in found.params:
        for option in parameter.opts if isinstance(parameter, click.Option) else ():
            assert option in section
        assert not isinstance(parameter, click.Option) or parameter.help or parameter.required


def test_no_generated_page_is_stale():
    """`make docs` would change nothing."""
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


WRONG_USE = {
    "no such command": (["publish"], "publish"),
    "no such option": (["report", ".", "--colour", "red"], "--colour"),
    "no source": (["read", "nowhere"], "nowhere"),
    "no pack": (["read", "{county}"], "--pack"),
    "no period": (["score", "{edition}", "--period", "2023-Q5"], "2023-Q5"),
    "no day": (["figures", "{edition}", "--tree-as-of", "31.12.2023"], "31.12.2023"),
    "no indicator": (["figures", "{edition}", "--indicator", "meeting_held"], "meetings_held"),
    "no unit": (["figures", "{edition}", "--unit", "QH-T99"], "QH-T99"),
    "no file for parquet": (["figures", "{edition}", "--format", "parquet"], "--out"),
    "proof of no indicator": (
        ["proof", "{edition}", "meeting_held", "--unit", "QH", "--period", "2023"],
        "meetings_held",
    ),
    "out is there": (
        ["report", "{edition}", "--period", "2023", "--out", "{report}"],
        "is there already",
    ),
    "edition is there": (["seal", "{edition}", "--out", "{edition}"], "is there already"),
    "county is there": (["demo", "{county}"], "is there already"),
    "form for no unit": (
        [
            "pack",
            "workbook",
            "{pack}",
            "--unit",
            "QH-T99",
            "--out",
            "{new}",
            "--source",
            "{county}",
        ],
        "QH-T99",
    ),
    "register of no unit": (
        ["ledger", "{edition}", "--unit", "QH-T99", "--out", "{new}"],
        "QH-T99",
    ),
}


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_ends_with_2(name, county, report, tmp_path):
    """In a few lines that name what is wrong; no traceback, and nothing is left behind."""
    arguments, named = WRONG_USE[name]
    new = tmp_path / "new"
    places = {"county": county, "edition": report / "edition", "report": report, "pack": PACK}
    done = call_shuzhi(*(word.format(**places, new=new) for word in arguments))
    assert done.code == 2
    assert named in done.err
    assert_short(done.err)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_edition_ends_with_3(report, tmp_path):
    """A byte changed in any file of an edition is found before anything is computed."""
    edition = copy(report / "edition", tmp_path / "edition")
    file = edition / "tables" / "meetings.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    done = call_shuzhi("figures", edition, "--indicator", "meetings_held")
    assert done.code == 3
    assert "tables/meetings.parquet" in done.err
    assert_short(done.err)


@pytest.mark.parametrize(
    ("file", "before", "after", "named"),
    [
        ("indicators/leading.toml", 'table = "meetings"', 'table = "meeting"', "meetings"),
        ("indicators/leading.toml", "[meetings_held]", "[meetings_held", "leading.toml"),
        ("scorecard.toml", "[items.", "[items.no_such_", "scorecard.toml"),
        ("pack.toml", "version", "verzion", "verzion"),
    ],
)
def test_a_broken_pack_ends_with_3(file, before, after, named, county, tmp_path):
    """Every command names file and remedy; `pack lint` names everything that is wrong."""
    pack = copy(PACK, tmp_path / "pack")
    text = (pack / file).read_text(encoding="utf-8")
    assert before in text
    (pack / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    out = tmp_path / "out"
    for arguments in (
        ["pack", "lint", pack],
        ["report", county, "--pack", pack, "--period", "2023", "--out", out],
    ):
        done = call_shuzhi(*arguments)
        assert done.code == 3
        assert named in done.err
        assert "Traceback" not in done.err
    assert_short(done.err)
    assert not out.exists()


def test_what_shuzhi_will_not_do_is_refused_by_every_command(county, tmp_path):
    """A table that asks for views ends each command that takes a pack, with the reason."""
    pack = copy(PACK, tmp_path / "pack")
    table = pack / "tables" / "meetings.json"
    text = table.read_text(encoding="utf-8")
    column = '{"name":"attitude","type":"string","shuzhi:label":{"zh":"群众态度","en":"Attitude"}},'
    table.write_text(text.replace('"fields": [', f'"fields": [{column}', 1), encoding="utf-8")
    out = tmp_path / "out"
    asked = ["--pack", pack]
    for arguments in (
        ["pack", "lint", pack],
        ["pack", "workbook", pack, "--unit", "QH", "--out", out],
        ["read", county, *asked],
        ["check", county, *asked],
        ["seal", county, *asked, "--out", out],
        ["figures", county, *asked],
        ["proof", county, "meetings_held", *asked, "--unit", "QH", "--period", "2023"],
        ["score", county, *asked, "--period", "2023"],
        ["report", county, *asked, "--period", "2023", "--out", out],
        ["ledger", county, *asked, "--unit", "QH", "--out", out],
    ):
        done = call_shuzhi(*arguments)
        assert (done.code, done.out) == (3, "")
        assert "attitude" in done.err
    assert not out.exists()


def assert_short(message: str) -> None:
    """Usage errors show the usage too; every error itself is one or two lines."""
    lines = [line for line in message.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(("Usage:", "Try ")) and "━" not in line]
    assert 1 <= len(lines) <= 2, message
    assert "Traceback" not in message


def copy(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to))

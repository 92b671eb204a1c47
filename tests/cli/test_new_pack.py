"""shuzhi pack new: what it begins is a pack that loads, and it overwrites nothing."""

import pytest

from command_line import call_shuzhi
from shuzhi.packs.load import load_pack


def test_it_begins_a_pack_that_lint_has_nothing_against(tmp_path):
    """Named as its folder, for the year asked for, titles with any marks in them."""
    folder = tmp_path / "our-libraries"
    titles = ("--title", '图书馆"总分馆"', "--title-en", "A \\ B")
    done = call_shuzhi("pack", "new", folder, *titles, "--year", "2027")
    assert (done.code, done.err) == (0, "")

    pack = load_pack(folder)
    lint = call_shuzhi("pack", "lint", folder)

    assert (pack.name, pack.title["zh"], pack.title["en"]) == (
        "our-libraries",
        '图书馆"总分馆"',
        "A \\ B",
    )
    assert (pack.collects_from.isoformat(), pack.collects_until.isoformat()) == (
        "2027-01-01",
        "2028-01-01",
    )
    assert lint.code == 0
    assert "warning" not in lint.out


@pytest.mark.parametrize(
    ("name", "year", "says"),
    [
        ("taken", "2027", "is there already"),
        ("Libraries", "2027", "cannot be the name of a pack"),
        ("..", "2027", "cannot be the name of a pack"),
        ("fresh", "27", "write one such as"),
    ],
)
def test_it_refuses_what_it_cannot_begin(tmp_path, name, year, says):
    """With the reason, and with nothing written."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "note.txt").write_text("mine")
    done = call_shuzhi("pack", "new", tmp_path / name, "--year", year)

    assert done.code == 2
    assert says in done.err
    assert [p.name for p in tmp_path.rglob("*")] == ["taken", "note.txt"]

"""No workbook that leaves Shuzhi holds a formula, whatever its cells say."""

import shutil
import subprocess
from pathlib import Path

import pytest
from sealed_county import small_ledgers, small_pack

from shuzhi.ledgers.forms import write_form
from shuzhi.ledgers.problem_workbooks import write_problem_workbooks
from shuzhi.ledgers.register import write_register
from shuzhi.ledgers.safe_workbook import new_workbook, write_cell

SUITE = shutil.which("soffice")
LIVELY = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "{=1+1}", "\t=1+1", "＝1+1",
]  # fmt: skip


def _convert(path: Path, out: Path) -> str:
    """The workbook as flat XML, recalculated; skips where no spreadsheet program is set up."""
    if SUITE is None:
        pytest.skip("soffice is not installed: apt-get install libreoffice-calc")
    subprocess.run(  # noqa: S603 the office suite found above
        [SUITE, f"-env:UserInstallation={(out / 'profile').as_uri()}", "--headless",
         "--convert-to", "fods", "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    converted = out / f"{path.stem}.fods"
    if not converted.exists():
        pytest.skip("soffice opens no workbooks here: apt-get install libreoffice-calc")
    return converted.read_text()


def test_recalculated_there_is_no_formula(tmp_path: Path) -> None:
    """=1+1 stays a text in every workbook: form, problems, register and plain cells."""
    pack = small_pack()
    ledgers = small_ledgers(pack)  # one meeting is titled =1+1
    with new_workbook(tmp_path / "cells.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        for row, text in enumerate(LIVELY):
            write_cell(sheet, row, 0, text)
    write_form(pack, ledgers, "QH-T01", tmp_path / "form.xlsx")
    write_problem_workbooks(tmp_path, None, ledgers, pack)
    write_register(ledgers, pack, "QH-T01", tmp_path / "register.zip", source=None)
    shutil.unpack_archive(tmp_path / "register.zip", tmp_path)

    for number, name in enumerate(("cells.xlsx", "form.xlsx", "台账.xlsx", "problems.xlsx")):
        copy = tmp_path / f"{number}.xlsx"
        shutil.copy(tmp_path / name, copy)
        recalculated = _convert(copy, tmp_path)
        assert "table:formula" not in recalculated
        assert ("=1+1" in recalculated) == (name != "problems.xlsx")

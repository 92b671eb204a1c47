"""`shuzhi read --workbooks`: what goes back to the senders is of one reading."""

from command_line import PACK, call_shuzhi


def test_workbooks_never_join_those_of_an_earlier_reading(tmp_path):
    """A folder that is there already is refused, so that no mended file's workbook stays in it."""
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    columns = "单位代码,单位全称,层级,上级代码,启用日期"
    (source / "单位.csv").write_text(f"{columns}\nQH,清河县,county,,2020-01-01\n", "utf-8")
    (source / "坏.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    first = call_shuzhi("read", source, "--pack", PACK, "--workbooks", out)
    assert first.code == 0, first.err
    assert {path.name for path in out.rglob("*.xlsx")} == {"problems.xlsx", "坏.xlsx"}
    (source / "坏.xlsx").unlink()
    again = call_shuzhi("read", source, "--pack", PACK, "--workbooks", out)
    assert again.code == 2
    assert "is there already" in again.err

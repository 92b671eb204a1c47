"""An edition is there whole or not at all, and opens as what was sealed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from frictionless import Package
from sealed_county import (
    MEETINGS,
    meeting,
    small_extras,
    small_ledgers,
    small_pack,
    tiny_pack_in,
)

from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.atomic_folder import new_folder
from shuzhi.ledgers.edition import Edition, open_edition, seal_edition
from shuzhi.ledgers.manifest import read_manifest
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack

SCRIPT = Path(__file__).with_name("seal_and_die.py")


@pytest.fixture(scope="module")
def tiny_pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The tree and the meetings, and nothing else."""
    return tiny_pack_in(tmp_path_factory.mktemp("pack"))


@pytest.fixture
def sealed(tiny_pack: Pack, tmp_path: Path) -> Path:
    seal_edition(tmp_path / "edition", tiny_pack, small_ledgers(tiny_pack), small_extras())
    return tmp_path / "edition"


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_problems_keep_the_columns_that_every_edition_has(tiny_pack: Pack, tmp_path: Path) -> None:
    """What an alias could stand for is not sealed, so that old editions and old versions of the
    program open what the other wrote."""
    ledgers = small_ledgers(tiny_pack)
    (problem,) = ledgers.problems
    suggesting = replace(ledgers, problems=(replace(problem, suggestion="meetings.kind"),))
    seal_edition(tmp_path / "with", tiny_pack, suggesting, {})
    seal_edition(tmp_path / "without", tiny_pack, ledgers, {})
    assert _bytes_of(tmp_path / "with") == _bytes_of(tmp_path / "without")
    assert open_edition(tmp_path / "with").ledgers.problems[0].suggestion == ""


def test_an_edition_opens_as_what_was_sealed(tmp_path: Path) -> None:
    """Ledgers, tree, returns, problems, accounts, sources, further tables and the pack."""
    pack = small_pack()
    ledgers = small_ledgers(pack)
    seal_edition(tmp_path / "edition", pack, ledgers, small_extras())

    opened = open_edition(tmp_path / "edition")

    assert replace(opened.pack, path=pack.path) == pack
    assert opened.pack.path == tmp_path / "edition" / "pack"
    assert opened.ledgers.units.spans == ledgers.units.spans
    for part in ("returns", "sources", "sheets", "problems"):
        assert getattr(opened.ledgers, part) == getattr(ledgers, part)
    assert opened.ledgers.tables.keys() == ledgers.tables.keys()
    for name, table in ledgers.tables.items():
        by_id = [("_id", "ascending")]
        assert opened.ledgers.tables[name].sort_by(by_id).equals(table.sort_by(by_id))
    assert opened.extras == small_extras()


def test_records_lie_by_unit_then_day_then_id(sealed: Path) -> None:
    """So that a unit's records are read without reading the others'."""
    assert open_edition(sealed).ledgers.tables["meetings"]["_id"].to_pylist() == [
        "M2", "M1", "M4", "M3",
    ]  # fmt: skip


def test_equal_content_gives_equal_bytes(tiny_pack: Pack, sealed: Path, tmp_path: Path) -> None:
    """The order the records came in, and how their table was cut, do not show."""
    ledgers = small_ledgers(tiny_pack, meetings=MEETINGS[::-1])
    halves = [ledgers.tables["meetings"].slice(0, 2), ledgers.tables["meetings"].slice(2)]
    tables = {**ledgers.tables, "meetings": pa.concat_tables(halves)}

    seal_edition(tmp_path / "again", tiny_pack, replace(ledgers, tables=tables), small_extras())

    assert _bytes_of(tmp_path / "again") == _bytes_of(sealed)


def test_time_zone_and_locale_leave_no_trace(tiny_pack: Pack, tmp_path: Path) -> None:
    """The same bytes in three time zones and locales."""
    code = (
        "import sys; from pathlib import Path; from sealed_county import *;"
        "from shuzhi.ledgers.edition import seal_edition; pack = load_pack(Path(sys.argv[1]));"
        "seal_edition(Path(sys.argv[2]), pack, small_ledgers(pack), small_extras())"
    )
    for number, (zone, locale) in enumerate(
        [("Asia/Shanghai", "C.UTF-8"), ("America/New_York", "C"), ("UTC", "zh_CN.GB18030")]
    ):
        subprocess.run(  # noqa: S603 our own interpreter and code
            [sys.executable, "-c", code, str(tiny_pack.path), str(tmp_path / str(number))],
            env={**os.environ, "TZ": zone, "LC_ALL": locale}, cwd=SCRIPT.parent, check=True,
        )  # fmt: skip
    assert _bytes_of(tmp_path / "0") == _bytes_of(tmp_path / "1") == _bytes_of(tmp_path / "2")


def test_the_root_moves_with_every_record(sealed: Path, tiny_pack: Pack, tmp_path: Path) -> None:
    """One letter in one record gives another root hash."""
    other = [*MEETINGS[:-1], meeting("M4", "QH-T01", MEETINGS[-1]["held_on"], "季度例会 ")]
    seal_edition(
        tmp_path / "other", tiny_pack, small_ledgers(tiny_pack, meetings=other), small_extras()
    )
    assert read_manifest(tmp_path / "other").root != read_manifest(sealed).root


def _every_file(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def test_every_changed_file_is_named(sealed: Path) -> None:
    """One bit turned over in any file is refused, and the message names the file."""
    for path in _every_file(sealed):
        content = path.read_bytes()
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        with pytest.raises(InputRefused, match=path.relative_to(sealed).as_posix()):
            open_edition(sealed)
        path.write_bytes(content)
    open_edition(sealed)


def test_every_missing_file_is_named(sealed: Path) -> None:
    """Any file taken out is refused, and the message names it."""
    for path in _every_file(sealed):
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(InputRefused, match=path.relative_to(sealed).as_posix()):
            open_edition(sealed)
        path.write_bytes(content)


def test_added_files_and_links_are_named(sealed: Path) -> None:
    """A file or a link more than was sealed is refused by name."""
    (sealed / "pack" / "more.txt").write_text("x")
    with pytest.raises(InputRefused, match=r"added: pack/more\.txt"):
        open_edition(sealed)
    (sealed / "pack" / "more.txt").unlink()
    (sealed / "link").symlink_to("/etc")
    with pytest.raises(InputRefused, match="link"):
        open_edition(sealed)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format":"shuzhi-edition/9"}', b"\xff"])
def test_a_manifest_that_is_none_is_refused(sealed: Path, content: bytes) -> None:
    """Whatever stands in manifest.json, the answer is one message."""
    (sealed / "manifest.json").write_bytes(content)
    with pytest.raises(InputRefused, match=r"manifest\.json"):
        open_edition(sealed)


def test_a_pack_name_changed_in_the_manifest_is_found(sealed: Path) -> None:
    """The root hash covers the manifest's own words."""
    manifest = json.loads((sealed / "manifest.json").read_text())
    manifest["pack"]["version"] = "2024.1"
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (sealed / "manifest.json").write_text(text + "\n")
    with pytest.raises(InputRefused, match="root hash"):
        open_edition(sealed)


def test_the_manifest_tells_nothing_of_the_machine(sealed: Path) -> None:
    """No absolute path in the manifest nor in the description."""
    for name in ("manifest.json", "datapackage.json"):
        assert str(sealed.parent) not in (sealed / name).read_text()


def test_a_folder_that_is_no_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="is no edition"):
        open_edition(tmp_path)


def test_the_description_is_a_valid_data_package(sealed: Path) -> None:
    """Somebody else's reader accepts it; sizes and sums are those of the files."""
    descriptor = json.loads((sealed / "datapackage.json").read_text())
    assert Package.metadata_validate(descriptor) is not None
    assert list(Package.metadata_validate(descriptor)) == []
    for resource in descriptor["resources"]:
        assert (sealed / resource["path"]).stat().st_size == resource["bytes"]
        assert resource["hash"].startswith("sha256:")


def test_an_existing_folder_is_refused_and_left_alone(sealed: Path, tiny_pack: Pack) -> None:
    """Editions never change; an empty folder is no exception."""
    before = _bytes_of(sealed)
    with pytest.raises(UserError, match="is there already and is not changed"):
        seal_edition(sealed, tiny_pack, small_ledgers(tiny_pack), {})
    assert _bytes_of(sealed) == before


def test_of_two_sealers_one_wins(tmp_path: Path, tiny_pack: Pack) -> None:
    """The second is told so while the first is still writing, and disturbs nothing."""
    out = tmp_path / "edition"
    with new_folder(out) as folder:
        (folder / "first").write_text("first")
        with pytest.raises(UserError, match="being written by another process"):
            seal_edition(out, tiny_pack, small_ledgers(tiny_pack), {})
    assert [path.name for path in tmp_path.iterdir()] == ["edition"]
    assert [path.name for path in out.iterdir()] == ["first"]


def test_a_failed_sealing_leaves_nothing(tmp_path: Path, tiny_pack: Pack) -> None:
    """A full disk or a broken input: no folder, no leftover."""
    with pytest.raises(UserError, match="No space left"), new_folder(tmp_path / "edition"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_a_crash_are_replaced(tmp_path: Path, tiny_pack: Pack) -> None:
    """Only those of this edition; a neighbour's are its own business."""
    for name in (".edition.partial-0123abcd", ".edition.partial-x.partial-0123abcd"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half").write_text("half")
    seal_edition(tmp_path / "edition", tiny_pack, small_ledgers(tiny_pack), {})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".edition.partial-x.partial-0123abcd", "edition",
    ]  # fmt: skip


def test_a_further_table_cannot_take_a_reserved_name(tmp_path: Path, tiny_pack: Pack) -> None:
    for name in ("units", "../flags", "Flags"):
        with pytest.raises(UserError, match="further table"):
            seal_edition(
                tmp_path / "e", tiny_pack, small_ledgers(tiny_pack), {name: pa.table({"a": [1]})}
            )


def test_a_link_in_a_pack_is_refused(tmp_path: Path, tiny_pack: Pack) -> None:
    """A link could carry any file of the machine into the edition."""
    folder = tmp_path / "pack"
    shutil.copytree(tiny_pack.path, folder)
    (folder / "secret.txt").symlink_to("/etc/passwd")
    with pytest.raises(UserError, match="is a link"):
        seal_edition(tmp_path / "e", load_pack(folder), small_ledgers(tiny_pack), {})
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


@pytest.mark.parametrize(("how", "fewest"), [(["events"], 60), (["moments", "40"], 40)])
def test_killed_anywhere_it_is_absent_or_whole(
    tmp_path: Path, tiny_pack: Pack, how: list[str], fewest: int
) -> None:
    """kill -9 before every file operation, and at random moments; the next sealing succeeds."""
    run = subprocess.run(  # noqa: S603 our own interpreter and script
        [sys.executable, str(SCRIPT), str(tiny_pack.path), str(tmp_path / "edition"), *how],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    outcomes = run.stdout.splitlines()
    assert len(outcomes) >= fewest
    assert {"killed absent"} <= set(outcomes) <= {"killed absent", "killed whole", "done whole"}
    if how == ["events"]:
        assert outcomes[-1] == "done whole"
        edition: Edition = open_edition(tmp_path / f"taken-{len(outcomes)}")
        assert edition.ledgers.tables["meetings"].num_rows == len(MEETINGS)
        assert not list(tmp_path.glob(".edition.partial-*"))

"""A folder that is there whole or not at all, whatever kills the process that writes it."""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shuzhi.errors import UserError


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A sibling folder to write in, which becomes `out` when the block ends without an error.

    The sibling is `.NAME.partial-` and eight letters. One left by a crash is removed by the next
    writer; one that is being written is told apart by the lock its writer holds on it.

    Raises: UserError where `out` exists, is being written, or cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        partial, lock = _begin(out)
    except OSError as error:
        raise _cannot_write(out, error) from error
    try:
        yield partial
        _make_durable(partial)
        refuse_existing(out)
        partial.rename(out)
        _sync(out.parent)
    except OSError as error:
        raise _cannot_write(out, error) from error
    finally:
        if partial.is_dir():
            shutil.rmtree(partial, ignore_errors=True)
        os.close(lock)


def refuse_existing(out: Path) -> None:
    """Raises: UserError where `out` is there: ask before long work, `new_folder` asks again."""
    if os.path.lexists(out):
        raise UserError(f"{out} is there already and is not changed; choose another folder")


def _begin(out: Path) -> tuple[Path, int]:
    """A locked partial folder. The parent is locked meanwhile: of two writers one goes first."""
    parent = os.open(out.parent, os.O_RDONLY)
    try:
        fcntl.flock(parent, fcntl.LOCK_EX)
        _remove_leftovers(out)
        refuse_existing(out)
        partial = out.with_name(f".{out.name}.partial-{secrets.token_hex(4)}")
        partial.mkdir()
        return partial, _lock(partial)
    finally:
        os.close(parent)


def _remove_leftovers(out: Path) -> None:
    ours = re.compile(rf"\.{re.escape(out.name)}\.partial-[0-9a-f]{{8}}")
    for path in out.parent.iterdir():
        if not ours.fullmatch(path.name):
            continue
        try:
            lock = _lock(path)
        except FileNotFoundError:  # its writer has just finished
            continue
        except BlockingIOError:
            raise UserError(
                f"{out} is being written by another process; wait for it, or choose another folder"
            ) from None
        shutil.rmtree(path)
        os.close(lock)


def _lock(folder: Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor


def _make_durable(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(out: Path, error: OSError) -> UserError:
    return UserError(
        f"{out} cannot be written: {error.strerror or error}; nothing was left there. "
        "Mend that, or choose another folder"
    )

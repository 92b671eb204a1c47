"""A PostgreSQL server of one's own: its data in a folder, reached by a local socket only.

It is started as a child, told to stop by its process number and waited for, so that its CPU is
counted with that of whoever started it. PostgreSQL does not run as root: it then runs as the user
that its package has made, and the folder must be one that this user can get to.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_postgresql.dbapi as postgresql
import pyarrow as pa
import pyarrow.parquet as pq

UNAVAILABLE = 69  # how a contender ends whose server is not there (sysexits.h)
_USER = "postgres"
# For 24 GiB that others need as well, and two cores: two workers, and a leader that only collects.
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "4GB",
    "work_mem": "1GB",
    "hash_mem_multiplier": "2",
    "maintenance_work_mem": "2GB",
    "effective_cache_size": "12GB",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_worker_processes": "2",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
    "parallel_leader_participation": "off",
}
_PATIENCE = 60  # seconds until a server that does not answer is given up


@contextmanager
def server(data: Path) -> Iterator[postgresql.Connection]:
    """A connection to a server with this data folder, which is made if it is not there."""
    programs = _programs()
    if not (data / "PG_VERSION").exists():
        _make(data, programs)
    socket = Path(tempfile.mkdtemp(prefix="figures-postgresql-"))
    _hand_over(socket)
    told = {**_SETTINGS, "unix_socket_directories": str(socket)}
    options = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
    child = subprocess.Popen(
        [programs / "postgres", "-D", data, *options],
        cwd=data, stdout=subprocess.DEVNULL, stderr=(data.parent / "server.log").open("w"),
        **_as_user(),
    )  # fmt: skip
    try:
        with _connected(child, socket) as connection:
            yield connection
    finally:
        child.send_signal(signal.SIGINT)  # open connections are ended, then the server ends
        child.wait()
        shutil.rmtree(socket)


def run(connection: postgresql.Connection, *statements: str) -> None:
    """Each statement by itself."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def read(connection: postgresql.Connection, query: str) -> pa.Table:
    """The answer of a query, taken over in PostgreSQL's binary form."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetch_arrow_table()


def write(connection: postgresql.Connection, query: str, path: Path) -> None:
    """The same as Parquet, a piece at a time."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        with cursor.fetch_record_batch() as batches, _parquet(path, batches.schema) as file:
            for batch in batches:
                file.write_batch(batch)


def load(connection: postgresql.Connection, table: str, rows: pa.RecordBatchReader) -> None:
    """Rows by COPY into a table that is there."""
    with connection.cursor() as cursor:
        cursor.adbc_ingest(table, rows, mode="append")


def _parquet(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, schema, compression="snappy")


def _programs() -> Path:
    """Where the newest server's programs are; the contender ends with a reason where none is."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3])
    )
    on_path = shutil.which("postgres")
    if not found and not on_path:
        give_up("there is no PostgreSQL server; on Debian: apt-get install postgresql")
    if not os.geteuid() and _USER not in {user.pw_name for user in pwd.getpwall()}:
        give_up(f"PostgreSQL does not run as root, and there is no user {_USER}")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def give_up(reason: str) -> None:
    """End, so that the contender is left out for this reason."""
    print(reason, file=sys.stderr)
    sys.exit(UNAVAILABLE)


def _make(data: Path, programs: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    _hand_over(data)
    command = [programs / "initdb", "-D", data, "-U", _USER, "--auth=trust", "--no-sync"]
    made = subprocess.run(
        [*command, "--encoding=UTF8", "--locale=C"],
        cwd="/", capture_output=True, text=True, **_as_user(),
    )  # fmt: skip
    if made.returncode:
        shutil.rmtree(data)
        give_up(f"PostgreSQL cannot make its data folder: {made.stderr.strip().splitlines()[-1]}")


def _as_user() -> dict[str, object]:
    """Whom to run as: oneself, but never root."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam(_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _hand_over(folder: Path) -> None:
    folder.chmod(0o700)
    if not os.geteuid():
        user = pwd.getpwnam(_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)


def _connected(child: subprocess.Popen[bytes], socket: Path) -> postgresql.Connection:
    """A connection as soon as the server answers."""
    address = f"postgresql:///postgres?host={socket}&user={_USER}"
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return postgresql.connect(address, autocommit=True)
        except postgresql.Error:
            if child.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.02)

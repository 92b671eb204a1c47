"""How long the list of records takes over 100,000 records, on SQLite and on PostgreSQL.

    record_lists.py [--records 100000] [--repeat 15] [--database sqlite|postgresql]

Fills a county of 80 units anew in a temporary folder, on PostgreSQL in a cluster of its own that
is stopped and removed afterwards, and asks for the page as the county's auditor and as a village's
clerk, by Django's own client. Prints the median of server time and the number of queries of each
page; ends with 1 where a median is not below LIMIT_MS.
"""

import argparse
import os
import pwd
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

LIMIT_MS = 100
PAGES = {
    "first page": "",
    "one table": "table=annual-duty:activities",
    "a township": "unit=T03",
    "a village and a table": "unit=T03V2&table=annual-duty:meetings",
    "days": "from=2023-03-01&to=2023-03-31",
    "a state": "state=draft",
    "words found often": "q=宣讲",
    "words found once": "q=第77777号",
    "words found never": "q=没有这样的活动",
    "a page further on": "after=2023-06-30.50000",
}
_TITLES = ("宪法宣讲进村", "重阳节文艺汇演", "读书分享会", "义诊进社区", "农技培训班")


def main() -> None:
    """Measure on one database, or on each in a process of its own."""
    asked = _arguments()
    if asked.database is None:
        codes = [
            subprocess.run([sys.executable, *sys.argv, "--database", name], check=False).returncode
            for name in ("sqlite", "postgresql")
        ]
        sys.exit(max(codes))
    with _database(asked.database) as address:
        sys.exit(_measure(asked, address))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    return parser.parse_args()


@contextmanager
def _database(kind: str) -> Iterator[str]:
    """The address of an empty database, and nothing left of it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="record-lists-"))
    try:
        os.environ |= {"SHUZHI_DATA": str(folder), "SHUZHI_SECRET_KEY": "measured only"}
        if kind == "sqlite":
            yield f"sqlite:///{folder}/workplace.sqlite3"
            return
        with _cluster(folder / "cluster") as address:
            yield address
    finally:
        shutil.rmtree(folder)


@contextmanager
def _cluster(data: Path) -> Iterator[str]:
    """A PostgreSQL server of one's own, reached by a socket; it does not run as root."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    user = pwd.getpwnam("postgres") if not os.geteuid() else pwd.getpwuid(os.geteuid())
    run_as = {"user": user.pw_uid, "group": user.pw_gid} if not os.geteuid() else {}
    data.mkdir(parents=True)
    data.parent.chmod(0o755)
    os.chown(data, user.pw_uid, user.pw_gid)
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
         "--locale=C"],
        check=True, cwd="/", stdout=subprocess.DEVNULL, **run_as,
    )  # fmt: skip
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-c", "listen_addresses=", "-k", data],
        cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **run_as,
    )  # fmt: skip
    try:
        ready = [programs / "pg_isready", "-q", "-h", data]
        while subprocess.run(ready, check=False).returncode:
            if server.poll() is not None:
                sys.exit("the PostgreSQL server did not start")
            time.sleep(0.1)
        yield f"postgresql://postgres@/postgres?host={data}"
    finally:
        server.send_signal(signal.SIGINT)  # which does not wait for connections to end
        server.wait()


def _measure(asked: argparse.Namespace, address: str) -> int:
    os.environ |= {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "workplace.settings"}
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    people = _fill(asked.records)
    worst = 0.0
    for name, user in people.items():
        for page, query in PAGES.items():
            if name == "clerk" and "unit=T03" in query:
                continue  # not the clerk's: not found
            median, queries = _ask(user, query, asked.repeat)
            worst = max(worst, median)
            print(f"{asked.database:11} {name:8} {page:22} {median:6.1f} ms {queries:3} queries")
    print(f"{asked.database:11} slowest median {worst:.1f} ms of {asked.records} records")
    return int(worst >= LIMIT_MS)


def _fill(count: int) -> dict[str, object]:
    """A county of 80 units with so many records; its auditor, and a village's clerk."""
    from django.db import connection

    from workplace.accounts.models import Holding, Role, User
    from workplace.programme import pack_named
    from workplace.records.models import Record, RecordWords
    from workplace.records.words import words_of
    from workplace.units.tree import current_tree

    _grow_tree()
    tree, pack, lot = current_tree(), pack_named("annual-duty"), random.Random(1)
    tables = [table for table in pack.tables.values() if not table.is_units]
    codes = list(tree.codes)

    def record(number: int) -> Record:
        table, unit = lot.choice(tables), lot.choice(codes)
        day = date(2022, 1, 1) + timedelta(days=lot.randrange(730))
        names = [c.name for c in table.columns if c.type == "string" and not c.categories]
        title = f"{lot.choice(_TITLES)}第{number}号"
        data = dict.fromkeys(names[:6], title)
        data |= {table.unit_column.name: unit, table.date_column.name: day.isoformat()}
        return Record(
            pack=pack.name, pack_version=pack.version, table=table.name, unit_id=unit,
            key=f"K-{number}", event_date=day, data=data,
            state=lot.choice(("draft", "sent", "accepted", "accepted")), origin="import",
        )  # fmt: skip

    made = Record.objects.bulk_create(map(record, range(count)), batch_size=2_000)
    RecordWords.objects.bulk_create(
        (
            RecordWords(record=one, words=words_of(pack.tables[one.table], one.data, tree))
            for one in made
        ),
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    people = {}
    for name, role, unit in (("auditor", "auditor", "C"), ("clerk", "clerk", "T05V3")):
        people[name] = User.objects.create_user(name, "a long password")
        Holding.objects.create(
            user=people[name], role=Role.objects.get(code=role), unit_id=unit,
            valid_from=date(2015, 1, 1),
        )  # fmt: skip
    return people


def _grow_tree() -> None:
    from shuzhi.units import UnitSpan, UnitTree
    from workplace.units.tree import replace_tree

    start = date(2015, 1, 1)
    spans = [UnitSpan("C", "清河县", "county", "", start)]
    for town in range(10):
        code = f"T{town:02}"
        spans.append(UnitSpan(code, f"第{town}镇", "township", "C", start))
        spans += [
            UnitSpan(f"{code}V{n}", f"第{town}镇{n}村", "village", code, start) for n in range(7)
        ]
    replace_tree(UnitTree(spans))


def _ask(user: object, query: str, repeat: int) -> tuple[float, int]:
    """The median of milliseconds, and the queries, of one page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/records/?{query}"
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    queries = len(asked)  # of which the next request loses count
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}")
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        client.get(address)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times), queries


if __name__ == "__main__":
    main()

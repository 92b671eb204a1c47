"""Measure what the workplace promises to hold on two cores, and print it.

    python bench/workplace/run.py [--records 100000] [--rows 20000] [--units 1000]

A workplace of its own in a temporary folder, on SQLite or on what DATABASE_URL names: the example
county with so many records and as many events. A line a page: who asks, the median server time of
nine requests, the lowest and the highest, its queries. Then uploads, a preview of the figures, and
writers at the same time.
"""

import argparse
import os
import secrets
import tempfile
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--units", type=int, default=1_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "SHUZHI_DATA": folder, "SHUZHI_SECRET_KEY": secrets.token_hex(32), "SHUZHI_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "workplace.settings",
        }  # fmt: skip
        measure_all(asked.records, asked.rows, asked.units)


def measure_all(records: int, rows: int, units: int) -> None:
    """Print every line."""
    import logging

    import django

    django.setup()
    for name in ("django_tasks", "django.request", "axes"):
        logging.getLogger(name).setLevel(logging.ERROR)
    from django.db import connection
    from fill import PACK, fill, grow_tree, open_and_send, open_for_all
    from measure import measure
    from pages import board, figures, pages, unit_pages
    from uploads import send_large
    from writers import write_at_once

    from workplace.demo.people import TOWNSHIP
    from workplace.events.models import Event
    from workplace.programme import pack_named
    from workplace.records.models import Record

    print(f"{connection.display_name}, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    began = time.perf_counter()
    people, pack = fill(records, records), pack_named(PACK)
    round_ = open_and_send(pack, people["county"])
    print(
        f"{Record.objects.count():,} records, {Event.objects.count():,} events, "
        f"filled in {time.perf_counter() - began:.0f} s"
    )
    for page in (*pages(), *board(round_), *unit_pages(round_), *figures(people["county"])):
        measure(page, people[page.by])
    send_large(people["clerk"], round_, TOWNSHIP, rows)
    grow_tree(units)
    for page in board(open_for_all(pack, people["county"]), f", {units:,} units"):
        measure(page, people[page.by])
    write_at_once(writers=8, each=50)


if __name__ == "__main__":
    main()

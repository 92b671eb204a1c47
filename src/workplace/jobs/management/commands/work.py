"""`python -m workplace work`: background work, for as long as it is not stopped."""

import signal
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workplace.jobs.leases import LEASE
from workplace.jobs.worker import work, work_off

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    help = "Run background work: uploads, reminders, previews, and what the schedule asks for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what waits now, then end.")
        parser.add_argument(
            "--lease", type=float, default=LEASE.total_seconds(), metavar="SECONDS",
            help="After so long without a sign of life a worker is held to be dead.",
        )  # fmt: skip

    def handle(self, *args: Any, once: bool, lease: float, **options: Any) -> None:
        if once:
            self.stdout.write(f"{work_off(timedelta(seconds=lease))} jobs done")
            return
        self._is_stopping = False
        for number in _SIGNALS:
            signal.signal(number, self._stop)
        work(lambda: self._is_stopping, timedelta(seconds=lease))

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Finish the job in hand. Told twice, end at once: the lease brings the job back."""
        self._is_stopping = True
        signal.signal(number, signal.SIG_DFL)

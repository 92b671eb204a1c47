"""Jobs for a worker that is killed in the middle of one: each writes down that it ran."""

import os
import time
from pathlib import Path

from workplace.jobs.queue import job


@job
def stop_in_the_middle(folder: str) -> None:
    begun = Path(folder) / "begun"
    begun.write_text(begun.read_text() + "x" if begun.exists() else "x")
    while (Path(folder) / "slow").exists():
        time.sleep(0.05)
    (Path(folder) / f"done-{os.getpid()}").touch()

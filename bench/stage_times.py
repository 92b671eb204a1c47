"""Make the report of a source in this process, and print what each stage took, as JSON.

    stage_times.py SOURCE PACK PERIOD OUT

"load" is what Python takes to load the program; what lies between two stages has a name too.
"""

import json
import sys
import time
from pathlib import Path

BEGAN = time.perf_counter()
SHORTEST = 0.005  # seconds; what is over sooner is not listed
# These two stages are announced when they are over.
_AFTER = {"docx": "html", "html": "pdf"}


def main() -> None:
    """Print seconds by stage, in the order in which the stages ran."""
    from shuzhi import pipeline
    from shuzhi.periods import parse_period

    source, pack, period, out = sys.argv[1:]
    marks = [("load", BEGAN)]

    def note(stage: str, done: int, total: int) -> None:
        name = _AFTER.get(stage, stage) if done == total else stage
        if name not in dict(marks):
            marks.append((name, time.perf_counter()))

    data = pipeline.read(Path(source), Path(pack), progress=note)
    pipeline.report(data, Path(out), period=parse_period(period), progress=note)
    ends = [moment for _, moment in marks[1:]] + [time.perf_counter()]
    seconds = [(name, end - began) for (name, began), end in zip(marks, ends, strict=True)]
    print(json.dumps({name: took for name, took in seconds if took >= SHORTEST}))


if __name__ == "__main__":
    main()

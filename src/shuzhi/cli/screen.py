"""What commands show: progress bars on stderr, results on stdout or in a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

_STAGES = {
    "read": {"zh": "读取", "en": "read"},
    "check": {"zh": "核查", "en": "check"},
    "figures": {"zh": "计算", "en": "figures"},
    "score": {"zh": "计分", "en": "score"},
    "workbooks": {"zh": "试毒工作簿", "en": "trying workbooks"},
    "packs": {"zh": "试毒方案包", "en": "trying packs"},
    "templates": {"zh": "试毒模板", "en": "trying templates"},
    "predicates": {"zh": "比对条件", "en": "comparing predicates"},
    "seal": {"zh": "封存", "en": "seal"},
    "docx": {"zh": "文档", "en": "docx"},
    "pages": {"zh": "各单位网页", "en": "pages"},
    "html": {"zh": "网页", "en": "html"},
    "pdf": {"zh": "版式", "en": "pdf"},
    "problems": {"zh": "退改", "en": "problems"},
}


class StageBars:
    """One progress bar a stage."""

    def __init__(self, bars: Progress, lang: str) -> None:
        self._bars = bars
        self._lang = lang
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(_STAGES[stage][self._lang], total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)


@contextmanager
def stage_bars(lang: str) -> Iterator[StageBars]:
    """Bars on stderr for as long as the block runs, so that stdout stays a clean result."""
    bars = Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    with bars:
        yield StageBars(bars, lang)


def put(text: str, out: Path | None) -> None:
    """The text on stdout, or whole in the file `out`."""
    if out is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8", newline="\n")

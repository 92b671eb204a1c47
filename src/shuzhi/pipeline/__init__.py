"""The story on one page: what was sent becomes a report whose every number can be re-counted.

    read → check → figures → score → report, and a sealed edition of it all

Each function is one command. A source is a folder of workbooks or a sealed edition.
"""

from shuzhi.pipeline.comparing import diff
from shuzhi.pipeline.counting import (
    Count,
    appeals,
    check,
    count,
    explain,
    figure_columns,
    figures,
    hear_appeals,
    last_day_collected,
    last_year_collected,
    proof,
    score,
    stability,
    years,
)
from shuzhi.pipeline.following import keep_answers, refuse_dropped_promises
from shuzhi.pipeline.packs import lint, write_unit_register, write_workbook
from shuzhi.pipeline.publishing import site
from shuzhi.pipeline.reporting import (
    Reported,
    bulletin,
    press_for,
    report,
    write_documents,
    write_lists,
)
from shuzhi.pipeline.sealing import seal_source
from shuzhi.pipeline.source import Progress, Source, read
from shuzhi.pipeline.verifying import verify

__all__ = [
    "Count",
    "Progress",
    "Reported",
    "Source",
    "appeals",
    "bulletin",
    "check",
    "count",
    "diff",
    "explain",
    "figure_columns",
    "figures",
    "hear_appeals",
    "keep_answers",
    "last_day_collected",
    "last_year_collected",
    "lint",
    "press_for",
    "proof",
    "read",
    "refuse_dropped_promises",
    "report",
    "score",
    "seal_source",
    "site",
    "stability",
    "verify",
    "write_documents",
    "write_lists",
    "write_unit_register",
    "write_workbook",
    "years",
]

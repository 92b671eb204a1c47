"""The story on one page: what was sent becomes a report whose every number can be re-counted.

    read → check → figures → score → report, and a sealed edition of it all

Each function is one command. A source is a folder of workbooks or a sealed edition.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shuzhi.pipeline.amending import amend
    from shuzhi.pipeline.asking import (
        approval_units,
        column_uses,
        draw_sample,
        form_minutes,
        say_period,
        write_form,
    )
    from shuzhi.pipeline.comparing import diff
    from shuzhi.pipeline.counting import (
        Count,
        appeals,
        check,
        count,
        hear_appeals,
        score,
        stability,
    )
    from shuzhi.pipeline.following import keep_answers, refuse_dropped_promises
    from shuzhi.pipeline.keeping import json_rows, ledgers_of
    from shuzhi.pipeline.looking import (
        Proofs,
        figure_text,
        line_of,
        look_at,
        missing_returns,
        promises_of,
        section_lines,
        trend,
        units_below,
        with_promises_traced,
        write_proof_xlsx,
    )
    from shuzhi.pipeline.measuring import (
        changed_figures,
        explain,
        figure_columns,
        figures,
        last_day_collected,
        last_year_collected,
        on_spark,
        proof,
        proof_rows,
        write_balances,
        write_recorded,
        years,
    )
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
    from shuzhi.pipeline.sending import (
        Aliases,
        ReadValues,
        RowAsFound,
        mark_sent,
        read_many_values,
        read_sent,
        read_values,
        rows_in_doubt,
    )
    from shuzhi.pipeline.source import Progress, Source, read
    from shuzhi.pipeline.verifying import verify

__all__ = [
    "Aliases",
    "Count",
    "Progress",
    "Proofs",
    "ReadValues",
    "Reported",
    "RowAsFound",
    "Source",
    "amend",
    "appeals",
    "approval_units",
    "bulletin",
    "changed_figures",
    "check",
    "column_uses",
    "count",
    "diff",
    "draw_sample",
    "explain",
    "figure_columns",
    "figure_text",
    "figures",
    "form_minutes",
    "hear_appeals",
    "json_rows",
    "keep_answers",
    "last_day_collected",
    "last_year_collected",
    "ledgers_of",
    "line_of",
    "lint",
    "look_at",
    "mark_sent",
    "missing_returns",
    "on_spark",
    "press_for",
    "promises_of",
    "proof",
    "proof_rows",
    "read",
    "read_many_values",
    "read_sent",
    "read_values",
    "refuse_dropped_promises",
    "report",
    "rows_in_doubt",
    "say_period",
    "score",
    "seal_source",
    "section_lines",
    "site",
    "stability",
    "trend",
    "units_below",
    "verify",
    "with_promises_traced",
    "write_balances",
    "write_documents",
    "write_form",
    "write_lists",
    "write_proof_xlsx",
    "write_recorded",
    "write_unit_register",
    "write_workbook",
    "years",
]

_HOMES = {
    "Aliases": "sending",
    "Count": "counting",
    "Progress": "source",
    "Proofs": "looking",
    "ReadValues": "sending",
    "Reported": "reporting",
    "RowAsFound": "sending",
    "Source": "source",
    "amend": "amending",
    "appeals": "counting",
    "approval_units": "asking",
    "bulletin": "reporting",
    "changed_figures": "measuring",
    "check": "counting",
    "column_uses": "asking",
    "count": "counting",
    "diff": "comparing",
    "draw_sample": "asking",
    "explain": "measuring",
    "figure_columns": "measuring",
    "figure_text": "looking",
    "figures": "measuring",
    "form_minutes": "asking",
    "hear_appeals": "counting",
    "json_rows": "keeping",
    "keep_answers": "following",
    "last_day_collected": "measuring",
    "last_year_collected": "measuring",
    "ledgers_of": "keeping",
    "line_of": "looking",
    "lint": "packs",
    "look_at": "looking",
    "mark_sent": "sending",
    "missing_returns": "looking",
    "on_spark": "measuring",
    "press_for": "reporting",
    "promises_of": "looking",
    "proof": "measuring",
    "proof_rows": "measuring",
    "read": "source",
    "read_many_values": "sending",
    "read_sent": "sending",
    "read_values": "sending",
    "refuse_dropped_promises": "following",
    "report": "reporting",
    "rows_in_doubt": "sending",
    "say_period": "asking",
    "score": "counting",
    "seal_source": "sealing",
    "section_lines": "looking",
    "site": "publishing",
    "stability": "counting",
    "trend": "looking",
    "units_below": "looking",
    "verify": "verifying",
    "with_promises_traced": "looking",
    "write_balances": "measuring",
    "write_documents": "reporting",
    "write_form": "asking",
    "write_lists": "reporting",
    "write_proof_xlsx": "looking",
    "write_recorded": "measuring",
    "write_unit_register": "packs",
    "write_workbook": "packs",
    "years": "measuring",
}


def __getattr__(name: str) -> Any:
    """A command loads only the stages it uses."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

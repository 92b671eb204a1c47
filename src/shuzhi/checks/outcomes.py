"""What became of flags: read from outcomes.csv in the source folder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from shuzhi.checks.model import Flag, Outcome
from shuzhi.errors import InputRefused
from shuzhi.ledgers.office_lists import OUTCOMES_FILES, read_office_list

_HEADERS = {
    "flag_id": "flag_id",
    "疑点编号": "flag_id",
    "outcome": "outcome",
    "处理结果": "outcome",
    "reason": "reason",
    "理由": "reason",
    "by": "by",
    "经办人": "by",
}
_WORDS = {
    **{outcome.value: outcome for outcome in Outcome},
    "待核实": Outcome.OPEN,
    "已说明": Outcome.EXPLAINED,
    "已更正": Outcome.CORRECTED,
    "已撤回": Outcome.WITHDRAWN,
}


@dataclass(frozen=True)
class Answer:
    """An outcome with its reason and who gave it."""

    outcome: Outcome
    reason: str
    by: str


def read_outcomes(source: Path | None) -> Mapping[str, Answer]:
    """The answers by flag id; none where the source has no such file.

    The last line about a flag holds. Raises: InputRefused, naming file and line, where a column
    or a reason is missing or an outcome is not known.
    """
    lines = read_office_list(
        source,
        OUTCOMES_FILES,
        _HEADERS,
        ("flag_id", "outcome", "reason"),
        "flag_id,outcome,reason,by",
    )
    return {row["flag_id"]: _answer(where, row) for where, row in lines if row.get("flag_id")}


def answers_given(flags: Iterable[Flag]) -> Mapping[str, Answer]:
    """The answers by flag id that flags of an earlier edition carry."""
    return {
        flag.flag_id: Answer(flag.outcome, flag.reason, flag.by)
        for flag in flags
        if flag.outcome is not Outcome.OPEN
    }


def apply_outcomes(flags: list[Flag], answers: Mapping[str, Answer]) -> list[Flag]:
    """The flags with what became of them. An answer to a flag no longer raised has no effect."""
    return [
        replace(flag, outcome=answer.outcome, reason=answer.reason, by=answer.by)
        if (answer := answers.get(flag.flag_id))
        else flag
        for flag in flags
    ]


def _answer(where: str, row: Mapping[str, str]) -> Answer:
    outcome = _WORDS.get(row.get("outcome", ""))
    if outcome is None:
        raise InputRefused(
            f"{where}: {row.get('outcome', '')!r} is no outcome; write one of {', '.join(_WORDS)}"
        )
    if outcome is not Outcome.OPEN and not row.get("reason"):
        raise InputRefused(
            f"{where}: the flag is {outcome.value} without a reason; say why in the column reason"
        )
    return Answer(outcome, row.get("reason", ""), row.get("by", ""))

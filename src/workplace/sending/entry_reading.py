"""What was typed into a form, read by the engine: the only judge of a field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from shuzhi.ledgers.model import Problem, Severity
from shuzhi.packs.model import Pack, Role, Table
from shuzhi.periods import parse_period
from shuzhi.pipeline import ReadValues, read_many_values
from workplace.programme import pack_named
from workplace.records.persons import person_key
from workplace.rounds.models import Return
from workplace.units.tree import current_tree
from workplace.web.texts import language

# Stands where a name has been made a token before, so that the field does not count as empty.
_KNOWN_PERSON = "已有"


@dataclass(frozen=True)
class ReadEntry:
    """One record as typed. `errors` refuse it; `to_confirm` says how the engine read what it is
    not sure of, where nobody has confirmed it yet. Both by column."""

    read: ReadValues
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    to_confirm: Mapping[str, str] = field(default_factory=dict)

    @property
    def can_be_kept(self) -> bool:
        """Whether it can become a record as it stands."""
        return not (self.errors or self.to_confirm or self.read.is_refused)


def read_entry(
    answer: Return, texts: Mapping[str, str], *,
    tokens: Mapping[str, str], confirmed: Mapping[str, str],
) -> ReadEntry:  # fmt: skip
    """One record as typed. `tokens` are persons typed before, whose fields are left empty;
    `confirmed` maps columns to the text of which somebody has said that it is read rightly."""
    pack = pack_named(answer.round.pack)
    table = pack.tables[answer.table]
    kept = {name: token for name, token in tokens.items() if not texts.get(name)}
    typed = {**texts, **dict.fromkeys(kept, _KNOWN_PERSON)}
    [read] = read_texts(pack, answer, [typed])
    read = replace(read, values={**read.values, **kept})
    return judged(table, read, texts, confirmed)


def read_texts(
    pack: Pack, answer: Return, records: Sequence[Mapping[str, str]]
) -> list[ReadValues]:
    """Many records as typed by the return's unit for its period."""
    known = {column.name for column in pack.tables[answer.table].columns}
    return read_many_values(
        pack, answer.table,
        [{name: text for name, text in texts.items() if name in known} for texts in records],
        current_tree(), unit=answer.unit_id, period=parse_period(answer.period),
        person_key=person_key(), lang=language(),
    )  # fmt: skip


def judged(
    table: Table, read: ReadValues, texts: Mapping[str, str], confirmed: Mapping[str, str]
) -> ReadEntry:
    """What was read, with what refuses it and what is still to be confirmed."""
    errors: dict[str, list[str]] = {}
    to_confirm: dict[str, str] = {}
    for name, problems in read.problems.items():
        refusing = [p for p in problems if p.severity is not Severity.NOTICE]
        if refusing:
            errors[name] = [in_a_sentence(problem) for problem in refusing]
        elif confirmed.get(name) != texts.get(name):
            to_confirm[name] = " ".join(in_a_sentence(problem) for problem in problems)
    return ReadEntry(read, errors, to_confirm)


def in_a_sentence(problem: Problem) -> str:
    """What is wrong and what to do, where a form is before one and not a workbook."""
    if problem.code == "missing_required":
        return _("Please fill this in.")
    remedy = problem.remedy
    if problem.code == "unknown_unit":
        remedy = _("Choose a unit from the list, or enter its code.")
    return " ".join(part for part in (problem.message, remedy) if part)


def tokens_in(table: Table, values: Mapping[str, Any]) -> dict[str, str]:
    """The persons of a record, as tokens, by column."""
    return {
        column.name: values[column.name]
        for column in table.columns
        if column.role is Role.PERSON and values.get(column.name)
    }

"""The hand of each sender: which format it uses and what its sheets look like."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from shuzhi.demo.county import ROOT


@dataclass(frozen=True)
class Hand:
    """How one sender fills in its workbooks.

    `format` is xlsx, xls, ods or csv. `header_rows` is 1 to 3. `dates` and `units` name a way of
    spelling (see spelling.py). `totals` is "", "above" or "below". `shuffled` puts the columns in
    another order; `loose` mixes synonyms, full-width digits, units of measure and Chinese figures
    into the cells. `sample` leaves the hidden sample row of the form in, `lists` the drop-down
    lists beside the table, `notes` the remarks below it. `registered` is False for a sender whose
    files the register of receipts does not name, so that sender and period stand in the title.
    """

    format: str
    header_rows: int = 1
    dates: str = "real"
    units: str = "name"
    totals: str = ""
    title: bool = True
    serial: bool = False
    shuffled: bool = False
    loose: bool = False
    sample: bool = False
    lists: bool = False
    notes: bool = False
    registered: bool = True


HANDS: Mapping[str, Hand] = {
    ROOT: Hand("xlsx", title=True, notes=True, units="name"),
    "QH-D1": Hand("xlsx", header_rows=2, dates="zh", serial=True, totals="below"),
    "QH-D2": Hand("xls", dates="dotted", loose=True, notes=True),
    "QH-D3": Hand("ods", dates="real", title=False, shuffled=True),
    "QH-D4": Hand("csv", dates="slashed", loose=True),
    "QH-T01": Hand("xlsx", header_rows=3, totals="below", serial=True, units="mixed", notes=True),
    "QH-T02": Hand("xlsx", header_rows=2, dates="zh", totals="above", sample=True, loose=True),
    "QH-T03": Hand("xls", header_rows=2, dates="real", units="mixed", loose=True, totals="below"),
    "QH-T04": Hand("xlsx", dates="dotted", shuffled=True, lists=True, units="alias"),
    "QH-T05": Hand("csv", dates="zh_month_day", loose=True, units="mixed", serial=True),
    "QH-T06": Hand("xls", header_rows=3, dates="month_day", totals="above", notes=True),
    "QH-T07": Hand("ods", dates="zh", units="code", serial=True),
    "QH-T08": Hand(
        "xlsx", header_rows=2, dates="month_day", loose=True, totals="below", lists=True
    ),
    "QH-T09": Hand("xlsx", dates="real", units="code", shuffled=True, sample=True, notes=True),
    "QH-T10": Hand(
        "xls", dates="slashed", units="mixed", loose=True, serial=True, registered=False
    ),
    "QH-T11": Hand("xlsx", header_rows=3, dates="zh_month_day", totals="below", lists=True),
}  # fmt: skip


def choose_header(names: tuple[str, ...], hand: Hand, rng: random.Random) -> str:
    """The header a sender writes: the label, or for every third column one of its synonyms."""
    if len(names) > 1 and (hand.loose or rng.random() < 0.3):
        return rng.choice(names[1:])
    return names[0]

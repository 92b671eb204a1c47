"""A form and a workbook with the same texts are the same record."""

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.packs.load import load_pack
from shuzhi.packs.shipped import shipped_pack
from shuzhi.periods import parse_period
from shuzhi.pipeline import json_rows, read_sent, read_values
from shuzhi.units import UnitSpan, UnitTree
from workplace.records.kept import kept

PACK = load_pack(shipped_pack("annual-duty"))
TABLE = PACK.tables["activities"]
PERIOD = parse_period("2023-Q3")
SINCE = date(2015, 1, 1)
TREE = UnitTree(
    [
        UnitSpan("C", "清河县文明办", "county", "", SINCE),
        UnitSpan("T1", "青石镇", "township", "C", SINCE),
        UnitSpan("T1V1", "上坪村", "village", "T1", SINCE),
    ]
)
TYPED = {
    "activity_no": st.sampled_from(["QS-001", "2023-7", ""]),
    "unit": st.sampled_from(["青石镇", "上坪村", "T1V1", ""]),
    "held_on": st.sampled_from(["9月3日", "2023.9.10", "2023年8月中旬", "2023-07-31", "三十号"]),
    "title": st.sampled_from(["宪法宣讲", "文艺汇演（重阳）", "=1+1"]),
    "kind": st.sampled_from(["宣讲", "文化文艺", "lecture", "志愿服务", "别的"]),
    "places": st.sampled_from(["60", "六十", "60人", "", "/"]),
    "heads": st.sampled_from(["32人次", "1,200", "约30", "很多", "0", ""]),
    "volunteer_hours": st.sampled_from(["12.5", "12.50小时", "3.14159", ""]),
    "summary": st.sampled_from(["在村里讲了宪法。", "", "第一行 第二行"]),
}


def as_typed(texts):
    """The record that the form would keep; None where it is refused."""
    read = read_values(PACK, "activities", texts, TREE, unit="T1", period=PERIOD, person_key=b"k")
    return None if read.is_refused else kept(TABLE, read, TREE)


def as_sent(texts):
    """The record of a sheet with these texts in its only row; None where it is refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "活动台账.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow([TABLE.column(name).label["zh"] for name in texts])
            rows.writerow(texts.values())
        ledgers = read_sent(
            path, PACK, TREE, file=path.name, unit="T1", period=PERIOD, person_key=b"k"
        )
    rows = list(json_rows(TABLE, ledgers.tables["activities"]))
    assert len(rows) <= 1
    return kept(TABLE, rows[0], TREE) if rows else None


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries(TYPED))
def test_a_form_saves_what_the_reader_reads(texts):
    typed, sent = as_typed(texts), as_sent(texts)
    assert (typed is None) == (sent is None)
    if typed is not None and sent is not None:
        assert (typed.key, typed.unit, typed.day, typed.precision) == (
            sent.key, sent.unit, sent.day, sent.precision,
        )  # fmt: skip
        assert typed.data == sent.data
        assert typed.words == sent.words

"""Values by number, whether a column is looked at whole or part after part."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.engines import row_values
from shuzhi.engines.row_values import numbered_by_parts

KINDS = {
    "texts": (st.sampled_from(["甲", "乙", "丙", ""]), pa.string()),
    "numbers": (st.integers(-5, 5) | st.integers(-(2**40), 2**40), pa.int64()),
    "days": (st.integers(19000, 19009), pa.date32()),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("in_dictionaries", [False, True])
@given(data=st.data(), rows_a_part=st.integers(1, 9))
def test_rows_have_one_number_exactly_where_they_have_one_value(
    kind: str, in_dictionaries: bool, data: st.DataObject, rows_a_part: int
):
    """However the column lies in chunks, and however many of them make a part."""
    values, type_ = KINDS[kind]
    parts = data.draw(st.lists(st.lists(values | st.none(), max_size=6), max_size=6))
    chunks = [pa.array(part, type_) for part in parts]
    if in_dictionaries:
        chunks = [chunk.dictionary_encode() for chunk in chunks]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_values, "_ROWS_A_PART", rows_a_part)
        count, places = numbered_by_parts(iter(chunks), sum(map(len, parts)))
    flat = [value for part in parts for value in part]
    there = {value for value in flat if value is not None}
    assert count == len(there)
    pairs = set(zip(flat, places.tolist(), strict=True))
    assert all((value is None) == (place == count) for value, place in pairs)
    assert len(pairs) == len(set(flat)) == len(np.unique(places))

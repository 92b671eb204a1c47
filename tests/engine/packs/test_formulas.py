from decimal import Decimal

import pytest

from shuzhi.packs.formulas import (
    Constant,
    FormulaRefused,
    IndicatorRef,
    LastYear,
    Negation,
    Operation,
    ReportingRate,
    TargetOf,
    UnitsBelow,
    YearToDate,
    parse_formula,
)

A, B, C = (IndicatorRef(name) for name in "abc")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b * c", Operation("+", A, Operation("*", B, C))),
        ("(a + b) * c", Operation("*", Operation("+", A, B), C)),
        ("a - b - c", Operation("-", Operation("-", A, B), C)),
        ("a / b / c", Operation("/", Operation("/", A, B), C)),
        ("-a * b", Operation("*", Negation(A), B)),
        ("100 * a / 2.50", Operation("/", Operation("*", Constant(Decimal(100)), A),
                                    Constant(Decimal("2.50")))),
        ("reporting_rate(meetings)", ReportingRate("meetings")),
    ],
)  # fmt: skip
def test_arithmetic_binds_as_it_is_written_at_school(text, tree):
    """Products before sums, equals from the left, parentheses first; numbers stay exact."""
    assert parse_formula(text).tree == tree


def test_operands_are_typed_distinct_and_in_reading_order():
    """What a figure is derived from is named once each, as it is read."""
    text = "(a - last_year(a)) / a + target(b) + year_to_date(c) / units_below(village)"
    assert parse_formula(text).operands == (
        A, LastYear("a"), TargetOf("b"), YearToDate("c"), UnitsBelow("village"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("", "ends where a value should be", "indicator"),
        ("a b", "goes on with 'b'", "operator"),
        ("a +", "ends where a value should be", "indicator"),
        ("* a", "'*' where a value", "indicator"),
        ("a ** b", "'*' where a value", "indicator"),
        ("a // b", "'/' where a value", "indicator"),
        ("(a", "not closed", "missing )"),
        ("a)", "goes on with ')'", "operator"),
        ("1 + 1", "names no indicator", "number as target"),
        ("last_yaer(a)", "last_yaer is not known", "did you mean last_year?"),
        ("sum(a)", "sum is not known", "use one of last_year"),
        ("last_year(1)", "wants one name", "last_year(a_name)"),
        ("last_year(a, b)", "not understood", "parentheses"),
        ("last_year(a b)", "not closed", "missing )"),
        ("last_year(last_year(a))", "not closed", "missing )"),
        ("a; b", "not understood", "parentheses"),
        ("a.b", "not understood", "parentheses"),
        ("__import__('os')", "not understood", "parentheses"),
        ("a if b else c", "goes on with 'if'", "operator"),
        ("lambda: a", "not understood", "parentheses"),
        ("A + b", "not understood", "parentheses"),
        ("a < b", "not understood", "parentheses"),
        ("(" * 60 + "a" + ")" * 60, "nests too deeply", "two indicators"),
        ("-" * 3_000 + "a", "too many parts", "two indicators"),
        ("a" + " + a" * 1_000, "characters", "4,000"),
        ("a" + "+a" * 500, "too many parts", "two indicators"),
    ],
)
def test_a_wrong_formula_is_refused_with_what_to_write(text, what, remedy):
    """Only arithmetic over names: nothing of Python gets through, and the message helps."""
    with pytest.raises(FormulaRefused) as refused:
        parse_formula(text)
    assert what in str(refused.value)
    assert remedy in str(refused.value)

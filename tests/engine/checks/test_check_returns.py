from datetime import date


def test_a_silent_township_is_asked_for_every_quarter_it_missed(flags, ledgers, only, sent):
    """A return that was asked for and is not there raises one flag a unit, table and period."""
    found = flags(
        ledgers(
            returns=[sent("T1", f"2023-Q{n}") for n in (1, 2, 3, 4)]
            + [sent("T2", f"2023-Q{n}") for n in (1, 3)]
        ),
        only("missing_return"),
    )
    assert [(f.unit, f.table, f.period, f.records) for f in found] == [
        ("T2", "activities", "2023-Q2", ()),
        ("T2", "activities", "2023-Q4", ()),
    ]


def test_a_return_is_not_missing_before_it_is_due(flags, ledgers, only):
    """Nobody is asked about a return whose due day has not come."""
    pack = only("missing_return")
    assert flags(ledgers(), pack, as_of=date(2023, 4, 9)) == ()
    assert {f.period for f in flags(ledgers(), pack, as_of=date(2023, 4, 10))} == {"2023-Q1"}


def test_on_the_last_day_of_collection_every_return_is_awaited(flags, ledgers, only):
    """The last quarter is asked about when the collection closes, not ten days later."""
    found = flags(ledgers(), only("missing_return"), as_of=date(2023, 12, 31))
    assert {f.period for f in found} == {f"2023-Q{n}" for n in (1, 2, 3, 4)}


def test_a_return_is_late_from_the_day_after_its_due_day(flags, ledgers, only, sent):
    """31 March and ten days is 10 April: the 11th is late, the 10th is not."""
    pack = only("late_return")
    assert flags(ledgers(returns=[sent("T1", "2023-Q1", "2023-04-10")]), pack) == ()
    (late,) = flags(ledgers(returns=[sent("T1", "2023-Q1", "2023-04-11")]), pack)
    assert (late.unit, late.period) == ("T1", "2023-Q1")
    assert "1 days after it was due (2023-04-10)" in late.question


def test_without_a_day_of_receipt_nothing_is_known(flags, ledgers, only, sent):
    """A return whose receipt was not entered is not called late, nor is one sent again later."""
    pack = only("late_return")
    assert flags(ledgers(returns=[sent("T1", "2023-Q1")]), pack) == ()
    again = [sent("T1", "2023-Q1", "2023-04-02"), sent("T1", "2023-Q1", "2023-06-01", "S2")]
    assert flags(ledgers(returns=again), pack) == ()

"""One event claimed in two places, hours credited twice, one person in two rooms, a late rush."""

from datetime import date, timedelta
from decimal import Decimal

from PIL import ExifTags, Image


def opening(number, name, unit="T1", day=date(2023, 5, 5)):
    return {"venue_no": number, "unit": unit, "opened_on": day, "opened_as": name}


def test_an_event_stands_once_in_the_table_named_first(flags, ledgers, only, event):
    """The later table's record is asked about; another day, unit or count is another event."""
    rows = [
        event(no="1", title="文化礼堂 启用仪式"),
        event(no="2", title="文化礼堂启用仪式", held_on=date(2023, 5, 6)),
        event(no="3", title="文化礼堂启用仪式", unit="T2"),
        event(no="4", title="第二次文化礼堂启用仪式"),
        event(no="5", title="义诊"),
    ]
    venues = [opening("V1", "文化礼堂启用仪式"), opening("V2", "第一次文化礼堂启用仪式")]
    found = flags(ledgers(*rows, venues=venues), only("claimed_twice"))
    assert [(flag.table, flag.records) for flag in found] == [("activities", ("1",))]
    assert "as r1" in found[0].question


def test_hours_no_day_has_are_asked_about(flags, ledgers, only, event):
    """In one record, or over those of one team on one day, whichever units claim them."""
    rows = [
        event(no="1", hours=Decimal("24"), heads=2),
        event(no="2", hours=Decimal("24.5"), heads=2),
        event(no="3", hours=Decimal("40"), heads=5, team="A"),
        event(no="4", hours=Decimal("40"), heads=5, team="A", unit="T2"),
        event(no="5", hours=Decimal("40"), heads=5, team="A", held_on=date(2023, 5, 6)),
        event(no="6", hours=Decimal("30"), heads=5, team="B"),
        event(no="7", hours=Decimal("30"), heads=5, team="B"),
        event(no="8", hours=None, heads=5, team="B"),
    ]
    found = flags(ledgers(*rows), only("overlapping_hours"))
    assert [flag.records for flag in found] == [("2",), ("3", "4")]
    assert "add up to 80 hours, given by at most 5 people" in found[1].question


def test_hours_without_a_team_are_not_added_up(flags, ledgers, only, event):
    """Records that name no team are no team."""
    rows = [event(no=str(n), hours=Decimal("40"), heads=5) for n in range(9)]
    assert flags(ledgers(*rows), only("overlapping_hours")) == ()


def test_one_person_in_the_sessions_of_two_units(flags, ledgers, only, event):
    """A session held together is one; several within a unit are not asked about."""
    rows = [
        event(no="1", lecturer="7", title="安全课"),
        event(no="2", lecturer="7", title="法治课", unit="T2"),
        event(no="3", lecturer="8", title="联合学习"),
        event(no="4", lecturer="8", title="联合 学习", unit="T2"),
        event(no="5", lecturer="9", title="上午课"),
        event(no="6", lecturer="9", title="下午课"),
        event(no="7", lecturer=None, title="甲课"),
        event(no="8", lecturer=None, title="乙课", unit="T2"),
        event(no="9", lecturer="8", title="另一课", held_on=date(2023, 5, 6), unit="T2"),
    ]
    found = flags(ledgers(*rows), only("same_person_twice"))
    assert [flag.records for flag in found] == [("1", "2")]
    assert "in 2 different entries" in found[0].question
    assert "7" not in found[0].question.replace("2023", "")


def test_a_rush_in_a_quarter_s_last_days_is_described(flags, ledgers, only, event):
    """Six of ten in the last five days are; two of ten, and a few in all, are not."""
    end = date(2023, 6, 30)

    def quarter(unit, late, early):
        days = [end - timedelta(n % 5) for n in range(late)]
        days += [date(2023, 4, 1) + timedelta(5 * n) for n in range(early)]
        return [
            event(no=f"{unit}{n}", unit=unit, held_on=day, title=f"{unit}{n}")
            for n, day in enumerate(days)
        ]

    rows = [*quarter("V1", 6, 4), *quarter("V2", 2, 8), *quarter("V3", 6, 0)]
    found = flags(ledgers(*rows), only("late_burst"))
    assert [(flag.unit, flag.period) for flag in found] == [("V1", "2023-Q2")]
    assert found[0].records == tuple(f"V1{n}" for n in range(6))


def test_a_rush_is_one_question_however_it_grows(flags, ledgers, only, event):
    """Its flag keeps its id, so that an answer holds when another record comes in."""
    end = date(2023, 6, 30)
    rows = [event(no=str(n), title=str(n), held_on=end) for n in range(9)]
    (before,) = flags(ledgers(*rows[:8]), only("late_burst"))
    (after,) = flags(ledgers(*rows), only("late_burst"))
    assert before.flag_id == after.flag_id


def photo(folder, name, written="", place=None):
    """A photo that says when and where it was taken, where told."""
    exif = Image.Exif()
    if written:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = written
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        north, east = place
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (north, 0.0, 0.0)
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (east, 0.0, 0.0)
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (40, 30), "grey").save(folder / name, exif=exif)


def test_a_photo_of_another_day(flags, ledgers, only, event, tmp_path):
    """Further off than allowed. A photo that says nothing, or a clock never set, is no news."""
    written = {
        "1": "2023:05:08 09:00:00",
        "2": "2023:05:09 09:00:00",
        "3": "",
        "4": "1970:01:01 00:00:00",
        "5": "yesterday",
    }
    for number, text in written.items():
        photo(tmp_path / "evidence", f"{number}.jpg", text)
    rows = [event(no=number, photos=f"{number}.jpg", title=number) for number in written]
    found = flags(ledgers(*rows), only("photo_elsewhere"), source=tmp_path)
    assert [flag.records for flag in found] == [("2",)]
    assert "taken 4 days apart from its day" in found[0].question


def test_a_photo_of_another_place(flags, ledgers, only, event, tmp_path):
    """Held against the venue's coordinates, where both are known; none is printed."""
    folder = tmp_path / "evidence"
    photo(folder, "near.jpg", place=(30.0, 104.1))
    photo(folder, "far.jpg", place=(31.0, 104.0))
    photo(folder, "silent.jpg")
    here = {"latitude": Decimal("30"), "longitude": Decimal("104")}
    venues = [
        {"venue_no": "V1", "unit": "T1", "opened_on": date(2020, 1, 1), **here},
        {"venue_no": "V2", "unit": "T1", "opened_on": date(2020, 1, 1)},
    ]
    rows = [
        event(no="1", photos="near.jpg", venue="V1", title="1"),
        event(no="2", photos="far.jpg", venue="V1", title="2"),
        event(no="3", photos="far.jpg", venue="V2", title="3"),
        event(no="4", photos="silent.jpg", venue="V1", title="4"),
        event(no="5", photos="far.jpg", title="5"),
    ]
    found = flags(ledgers(*rows, venues=venues), only("photo_elsewhere"), source=tmp_path)
    assert [flag.records for flag in found] == [("2",)]
    assert "about 111 km from its venue" in found[0].question
    assert "31" not in found[0].question

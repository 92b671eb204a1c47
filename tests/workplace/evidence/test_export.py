"""The folder in which the engine finds what is attached."""

from PIL import ExifTags, Image

from photos_sent import photo
from shuzhi.ledgers.evidence import find_evidence
from workplace.evidence.export import write_evidence_folder
from workplace.evidence.images import Rectangle
from workplace.evidence.redaction import redact
from workplace.programme import pack_named
from workplace.records.models import Record


def test_the_engine_finds_each_file_by_the_records_own_column(evidence_of, tmp_path):
    evidence_of()
    evidence_of(content=photo("blue", kind="PNG"), name="../../会场;A.png")
    assert write_evidence_folder(Record.objects.all(), tmp_path) == 2
    table = pack_named("annual-duty").tables["activities"]
    rows = [{"_id": record.key, **record.data} for record in Record.objects.all()]
    found = find_evidence(tmp_path, table, rows)
    assert len(found) == 2 and all(one.path is not None for one in found)
    assert {path.parent for path in tmp_path.rglob("*.*")} == {tmp_path / "evidence"}


def test_a_photo_gets_its_day_back_and_nothing_else(evidence_of, tmp_path):
    evidence_of()
    write_evidence_folder(Record.objects.all(), tmp_path)
    (file,) = (tmp_path / "evidence").iterdir()
    with Image.open(file) as picture:
        exif = picture.getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    assert details[ExifTags.Base.DateTimeOriginal].startswith("2023:09:03")
    assert not exif.get_ifd(ExifTags.IFD.GPSInfo) and ExifTags.Base.Make not in exif


def test_what_was_covered_leaves_covered(evidence_of, people, tmp_path):
    evidence = evidence_of()
    redact(by=people["head1"], evidence=evidence, rectangles=[Rectangle(0, 0, 1, 1)])
    write_evidence_folder(Record.objects.all(), tmp_path)
    (file,) = (tmp_path / "evidence").iterdir()
    with Image.open(file) as picture:
        assert picture.getpixel((30, 20))[0] < 60

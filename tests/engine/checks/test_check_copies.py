import struct
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

MINUTES = (
    "会议听取了农家书屋建设情况汇报，研究了秋季开学前的校园周边整治安排，要求各村九月底前完成"
    "书屋开放时间公示，文化站负责统计借阅数量并按月报送。"
)


def noise(path: Path, seed: int, size: int = 64) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (8, 8), dtype=np.uint8)
    picture = Image.fromarray(pixels).resize((size, size))
    picture.save(path)
    return picture


def test_minutes_copied_with_small_changes(flags, ledgers, only, event):
    """Texts that share four fifths of their sequences are one flag; others are none."""
    rows = [
        event(no="1", summary=MINUTES),
        event(no="2", held_on=date(2023, 6, 1), summary=MINUTES.replace("九月", "十月") + "。"),
        event(no="3", unit="T2", summary=MINUTES),
        event(no="4", summary="组织志愿者清理河道，收集垃圾两车，沿岸居民一同参加，历时半天。"),
    ]
    (flag,) = flags(ledgers(*rows), only("copied_text"))
    assert flag.records == ("1", "2", "3")


def test_short_texts_are_alike_without_being_copied(flags, ledgers, only, event):
    """Texts below the minimum length are left out."""
    rows = [event(no=n, summary="按计划开展。") for n in ("1", "2")]
    assert flags(ledgers(*rows), only("copied_text")) == ()


def test_a_photo_used_for_two_records(flags, ledgers, only, event, tmp_path):
    """The same file, and the same picture saved anew at another size, are noticed."""
    (tmp_path / "evidence").mkdir()
    picture = noise(tmp_path / "evidence" / "a.png", seed=1)
    picture.resize((48, 48)).save(tmp_path / "evidence" / "b.jpg")
    noise(tmp_path / "evidence" / "c.png", seed=2)
    rows = [
        event(no="1", photos="a.png"),
        event(no="2", photos="c.png;evidence/b.jpg"),
        event(no="3", photos="c.png"),
        event(no="4", photos="gone.png"),
    ]
    found = flags(ledgers(*rows), only("repeated_photo"), source=tmp_path)
    assert [flag.records for flag in found] == [("1", "2"), ("2", "3")]


def test_photos_are_read_only_in_evidence_folders_and_within_the_limits(
    flags, ledgers, only, event, tmp_path
):
    """No path, link or absolute name leads out of the evidence; a huge picture is not opened."""
    source = tmp_path / "source"
    (source / "T1" / "evidence").mkdir(parents=True)
    noise(tmp_path / "out.png", seed=1)
    noise(source / "T1" / "beside.png", seed=1)
    (source / "T1" / "evidence" / "link.png").symlink_to(tmp_path / "out.png")
    noise(source / "T1" / "evidence" / "a.png", seed=3, size=200)
    noise(source / "T1" / "evidence" / "b.png", seed=3, size=199)
    for name in (
        "../out.png", f"{tmp_path}/out.png", "T1/beside.png", "T1/evidence/link.png",
        "x" * 5000, "a\0.png",
    ):  # fmt: skip
        outside = [event(no=n, photos=name) for n in ("1", "2")]
        assert flags(ledgers(*outside), only("repeated_photo"), source=source) == ()
    large = [
        event(no="1", photos="T1/evidence/a.png"), event(no="2", photos="T1/evidence/b.png")
    ]  # fmt: skip
    assert len(flags(ledgers(*large), only("repeated_photo"), source=source)) == 1
    strict = only("repeated_photo", max_pixels=10_000)
    assert flags(ledgers(*large), strict, source=source) == ()


def test_what_is_no_photo_is_compared_as_a_file(flags, ledgers, only, event, tmp_path):
    """A scan in another format raises no error, and is noticed when used twice."""
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    (evidence / "a.pdf").write_bytes(b"%PDF-1.7")
    (evidence / "b.pdf").write_bytes(b"%PDF-1.7")
    rows = [event(no="1", photos="a.pdf"), event(no="2", photos="b.pdf")]
    (flag,) = flags(ledgers(*rows), only("repeated_photo"), source=tmp_path)
    assert flag.records == ("1", "2")


def bitmap_header(width: int, height: int) -> bytes:
    """A bitmap file that claims a size and has no pixels."""
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(bitmap_header(60_000, 60_000), id="bomb"),
        pytest.param(bitmap_header(12_000, 10_000), id="larger than Pillow warns of"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, id="damaged PNG"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\xff" * 400, id="damaged JPEG"),
        pytest.param(b"II*\0\x08\0\0\0\xff\xff" + b"\x01" * 400, id="damaged TIFF"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="a program"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_picture_that_cannot_be_read_raises_no_flag(
    flags, ledgers, only, event, tmp_path, content
):
    """A picture too large or damaged is like no other; nothing dies of it."""
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "a.png").write_bytes(content)
    noise(tmp_path / "evidence" / "b.png", seed=1)
    rows = [event(no="1", photos="a.png"), event(no="2", photos="b.png")]
    assert flags(ledgers(*rows), only("repeated_photo"), source=tmp_path) == ()

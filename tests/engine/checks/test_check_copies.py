from datetime import date
from pathlib import Path

import numpy as np
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


def test_photos_are_read_only_below_the_source_and_within_the_limits(
    flags, ledgers, only, event, tmp_path
):
    """A path that leads out of the source is not followed; a huge picture is not opened."""
    source = tmp_path / "source"
    source.mkdir()
    noise(tmp_path / "out.png", seed=1)
    noise(source / "a.png", seed=3, size=200)
    noise(source / "b.png", seed=3, size=199)
    outside = [event(no=n, photos="../out.png") for n in ("1", "2")]
    assert flags(ledgers(*outside), only("repeated_photo"), source=source) == ()
    large = [event(no="1", photos="a.png"), event(no="2", photos="b.png")]
    assert len(flags(ledgers(*large), only("repeated_photo"), source=source)) == 1
    strict = only("repeated_photo", max_pixels=10_000)
    assert flags(ledgers(*large), strict, source=source) == ()


def test_what_is_no_photo_is_compared_as_a_file(flags, ledgers, only, event, tmp_path):
    """A scan in another format raises no error, and is noticed when used twice."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")
    rows = [event(no="1", photos="a.pdf"), event(no="2", photos="b.pdf")]
    (flag,) = flags(ledgers(*rows), only("repeated_photo"), source=tmp_path)
    assert flag.records == ("1", "2")

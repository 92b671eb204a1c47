"""What became of a flag stays with it from one edition to the next."""

import json
import shutil

import pytest

from command_line import EXAMPLE, SAFETY, call_shuzhi


def flags_of(source, *more):
    done = call_shuzhi("check", source, "--format", "json", *more)
    assert done.code == 0, done.err
    return {flag["flag_id"]: flag for flag in json.loads(done.out)}


def seal(source, out, *more):
    return call_shuzhi("seal", source, "--pack", SAFETY, "--out", out, *more)


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """An edition in which one flag is explained and one withdrawn, and its source."""
    work = tmp_path_factory.mktemp("answers")
    source = work / "source"
    shutil.copytree(EXAMPLE, source)
    first, second = list(flags_of(source, "--pack", SAFETY))[:2]
    (source / "outcomes.csv").write_text(
        "flag_id,outcome,reason,by\n"
        f"{first},explained,邮局延误,办公室\n{second},withdrawn,规则不适用,办公室\n",
        encoding="utf-8",
    )
    done = seal(source, work / "first")
    assert done.code == 0, done.err
    (source / "outcomes.csv").unlink()
    return source, work / "first", first, second


def test_a_correction_keeps_them_without_the_list(answered, tmp_path):
    """The list is gone; the answers are not. All other flags stay open."""
    source, before, first, second = answered
    correction = ("--supersedes", before, "--because", "补报")
    done = seal(source, tmp_path / "second", *correction)
    assert done.code == 0, done.err
    flags = flags_of(tmp_path / "second")

    assert (flags[first]["outcome"], flags[first]["reason"]) == ("explained", "邮局延误")
    assert (flags[second]["outcome"], flags[second]["by"]) == ("withdrawn", "办公室")
    others = {flag["outcome"] for key, flag in flags.items() if key not in (first, second)}
    assert others == {"open"}


def test_a_new_answer_goes_before_an_old_one(answered, tmp_path):
    """A flag can be asked again."""
    source, before, first, second = answered
    again = tmp_path / "source"
    shutil.copytree(source, again)
    (again / "outcomes.csv").write_text(
        f"flag_id,outcome,reason,by\n{first},open,,\n", encoding="utf-8"
    )
    done = seal(again, tmp_path / "third", "--supersedes", before, "--because", "补报")
    assert done.code == 0, done.err
    flags = flags_of(tmp_path / "third")
    assert (flags[first]["outcome"], flags[second]["outcome"]) == ("open", "withdrawn")


def test_answers_of_another_programme_are_refused(answered, county, tmp_path):
    """A county's answers say nothing about a factory's flags."""
    _, before, _, _ = answered
    done = call_shuzhi(
        "seal", county, "--pack", SAFETY.with_name("annual-duty"), "--follows", before,
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert done.code == 2
    assert "is of the programme 'workplace-safety'" in done.err
    assert not (tmp_path / "out").exists()

"""The templates of the packs that ship with Shuzhi."""

import runpy
from pathlib import Path

import pytest
from lxml import etree

from shuzhi.packs.load import load_pack
from shuzhi.reports.package import open_package
from shuzhi.reports.read_rules import read_rules
from shuzhi.reports.render import Template

ROOT = Path(__file__).parents[3]
PACKS = ROOT / "packs"
STARTER = ROOT / "src" / "shuzhi" / "packs" / "starter"
TEXTS = sorted((ROOT / "tools" / "report_text").glob("*/*.txt"))
every_template = pytest.mark.parametrize(
    "name", [f"{text.parent.name}/report/{text.stem}.docx" for text in TEXTS]
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def shipped(name):
    """The template PACK/report/NAME as it ships."""
    return (STARTER.parent if name.startswith("starter/") else PACKS) / name


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    build = runpy.run_path(str(ROOT / "tools" / "build_report_templates.py"))["build_template"]
    for text in TEXTS:
        out = folder / text.parent.name / "report" / f"{text.stem}.docx"
        out.parent.mkdir(parents=True, exist_ok=True)
        build(text, out)
    return folder


@every_template
def test_templates_are_what_their_text_builds(built, name):
    """tools/report_text is the source; the .docx in the pack is not stale."""
    assert open_package(built / name) == open_package(shipped(name))


@every_template
def test_templates_are_harmless(name):
    """They pass the door every template must pass."""
    assert Template(shipped(name)).sources


@pytest.mark.parametrize("pack", ["annual-duty", "workplace-safety"])
def test_the_report_rules_fit_the_pack(pack):
    """Every gap, list and draft names what the pack has."""
    rules = read_rules(load_pack(PACKS / pack))

    assert rules.gaps
    assert rules.promises is not None


@pytest.mark.parametrize("pack", ["annual-duty", "workplace-safety"])
def test_the_page_is_that_of_gb_t_9704(pack):
    """A4, head 37 mm, spine 28 mm, 156 × 225 mm, 22 lines of 28 characters of 16 pt."""
    parts = open_package(PACKS / pack / "report" / "report.zh.docx")
    section = etree.fromstring(parts["word/document.xml"]).find(f".//{W}sectPr")
    margins = section.find(f"{W}pgMar")
    grid = section.find(f"{W}docGrid")
    styles = etree.fromstring(parts["word/styles.xml"])
    body = next(s for s in styles if s.get(f"{W}styleId") == "SzBody")
    millimetres = {
        side: round(int(margins.get(f"{W}{side}")) / 1440 * 25.4)
        for side in ("top", "left", "right", "bottom")
    }

    assert millimetres == {"top": 37, "left": 28, "right": 26, "bottom": 35}
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("lines", "579")
    assert body.find(f"{W}rPr/{W}sz").get(f"{W}val") == "32"
    assert body.find(f"{W}rPr/{W}spacing").get(f"{W}val") == "-5"
    assert body.find(f"{W}pPr/{W}spacing").get(f"{W}line") == "579"
    assert body.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") == "仿宋_GB2312"
    assert not any(name.startswith("word/fonts/") for name in parts)

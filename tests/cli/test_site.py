"""shuzhi site: a page a unit, an index, and nothing for the public that tells who was meant."""

import re
from urllib.parse import urlsplit

from lxml import html as lxml_html

from command_line import EXAMPLE, SAFETY, call_shuzhi


def bound(page):
    """Every bound number of a page, by binding."""
    tree = lxml_html.fromstring(page.read_text(encoding="utf-8"))
    return {e.get("data-binding"): e.text_content() for e in tree.xpath("//*[@data-binding]")}


def test_every_unit_has_a_page_and_every_link_leads_somewhere(site):
    """A plant that was closed in the year has one too. Within a page, and from page to page."""
    pages = {path.name: path for path in site.iterdir()}
    assert set(pages) == {"index.html"} | {
        f"HC{code}.html"
        for code in ("", "-C1", "-C2", "-C3", "-C1-P1", "-C1-P2", "-C1-P3", "-C2-P1", "-C2-P2",
                     "-C3-P1", "-C3-P2")
    }  # fmt: skip
    for path in pages.values():
        tree = lxml_html.fromstring(path.read_text(encoding="utf-8"))
        places = set(tree.xpath("//@id"))
        for link in tree.xpath("//a/@href"):
            to = urlsplit(link)
            assert to.scheme == ""
            assert to.path in pages or (to.path == "" and to.fragment in places), link


def test_the_index_says_what_the_pages_say(site):
    """The county's hazards, in the index as in the report."""
    index = lxml_html.fromstring((site / "index.html").read_text(encoding="utf-8"))
    summary = index.xpath("//details[@id='hazards_found']/summary/b")[0].text_content()
    assert summary == bound(site / "HC.html")["hazards_found.HC.2025"] + "个"


def test_a_page_is_the_report_of_its_unit(site, tmp_path):
    """Whoever else is printed with it: verify makes it anew alone, and finds no difference."""
    sealed = call_shuzhi("seal", EXAMPLE, "--pack", SAFETY, "--out", tmp_path / "edition")
    assert sealed.code == 0, sealed.err
    for name in ("HC", "HC-C2", "HC-C1-P3"):
        done = call_shuzhi("verify", site / f"{name}.html", tmp_path / "edition")
        assert (done.code, done.out) == (0, "")


def test_the_public_edition_prints_no_record_and_no_small_number(public_site, site):
    """Numbers of people from 1 to 9 are gone, those of meetings are not; nor is a cell to see."""
    whole, public = {}, {}
    for page in site.glob("HC*.html"):
        whole |= bound(page)
        public |= bound(public_site / page.name)
        text = (public_site / page.name).read_text(encoding="utf-8")
        assert 'class="register"' not in text
        assert "安全报表" not in text
        assert "SHA-256" not in text
    people = [b for b in whole if re.fullmatch(r"(injuries|posts_certified)\.[\w-]+\.2025", b)]
    small = [b for b in people if whole[b].isdigit() and 0 < int(whole[b]) < 10]

    assert small
    assert {public.get(b, "隐去") for b in small} == {"隐去"}
    assert public["drills_held.HC-C2-P1.2025"] == whole["drills_held.HC-C2-P1.2025"]
    assert public["injuries.HC-C1-P3.2025"] == "0"
    assert "得分" not in (public_site / "HC-C1.html").read_text(encoding="utf-8")


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    """Nothing is written over."""
    done = call_shuzhi(
        "site", EXAMPLE, "--pack", SAFETY, "--period", "2025", "--out", tmp_path
    )  # fmt: skip
    assert done.code == 2
    assert "already" in done.err
    assert list(tmp_path.iterdir()) == []

"""Pictures of ten pages of the demonstration, at the width of a phone and of a desk.

    make demo                     # in another window; it prints the address and the logins
    .venv/bin/python tools/picture_pages.py http://127.0.0.1:8000 --password PASSWORD

A file a page, width and theme: build/pages/desk-390-light.png. Chinese is drawn with the fonts that
`make setup` fetched. Needs Chromium.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FONTS = Path(__file__).parents[1] / ".venv" / "share" / "shuzhi" / "fonts"
# name of the picture: who looks, the address, and the links that are followed from there
PAGES = {
    "login": ("", "/login/"),
    "desk": ("clerk", "/"),
    "round": ("clerk", "/", "main a[href*='/units/']"),
    "form": ("clerk", "/", "main a[href*='/units/']", "a[href^='/sending/returns/']",
             "a[href$='/new/']"),
    "upload": ("clerk", "/", "main a[href*='/units/']", "a[href^='/sending/round/']"),
    "board": ("county", "/rounds/", "main tbody a"),
    "return": ("head", "/approval/sign/", ".inbox tbody a"),
    "figures": ("county", "/figures/unit/QH-T01/"),
    "proof": ("county", "/figures/unit/QH-T01/", "main a[href*='/proof/'] >> visible=true"),
    "events": ("auditor", "/events/"),
}  # fmt: skip
SIZES = {390: 844, 1280: 900}
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_FONT_SETTINGS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<match><edit name="family" mode="prepend_first"><string>Noto Sans CJK SC</string></edit></match>
</fontconfig>"""


def main() -> None:
    """Take each page in both widths, light and dark unless --light."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of the running workplace")
    parser.add_argument("--password", required=True, help="of the demonstration's people")
    parser.add_argument("--out", type=Path, default=Path("build/pages"))
    parser.add_argument("--only", nargs="*", default=[], metavar="PAGE", help=" ".join(PAGES))
    parser.add_argument("--light", action="store_true", help="leave out the dark")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with chinese_fonts(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_ARGUMENTS
        )
        for name in asked.only or PAGES:
            for scheme in ("light",) if asked.light else ("light", "dark"):
                picture(browser, asked, name, scheme)
        browser.close()


def picture(browser: Browser, asked: argparse.Namespace, name: str, scheme: str) -> None:
    """One page in both widths."""
    who, address, *links = PAGES[name]
    context = browser.new_context(base_url=asked.address, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    if who:
        sign_in(page, who, asked.password)
    page.goto(address)
    for link in links:
        page.locator(link).first.click()
        page.wait_for_load_state()
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=asked.out / f"{name}-{width}-{scheme}.png")
    context.close()


def sign_in(page: Page, who: str, password: str) -> None:
    """Sign in as one of the demonstration's people."""
    page.goto("/login/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


@contextmanager
def chinese_fonts() -> Iterator[None]:
    """Have Chromium find the fetched fonts, without installing them."""
    with tempfile.TemporaryDirectory() as work:
        settings = Path(work) / "fonts.conf"
        settings.write_text(_FONT_SETTINGS.format(fonts=FONTS, cache=work), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)
        yield


if __name__ == "__main__":
    main()

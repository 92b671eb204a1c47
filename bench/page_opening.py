"""Open the largest page of a folder of pages in Chromium, with RECORDS records, and time it.

    page_opening.py SITE RECORDS REPEAT

The page's register is filled up to RECORDS rows with copies of its last one. Printed as JSON: for
each opening in a fresh context, the seconds from navigation until the page was loaded and painted.
"""

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_ROW = re.compile(r'<tr id="r(\d+)">.*?</tr>\n', re.DOTALL)
# Two frames after load: what is on the screen has been laid out and painted.
_PAINTED = """() => new Promise(done => {
  const frame = next => requestAnimationFrame(next);
  const wait = () => frame(() => frame(() => done(performance.now())));
  if (document.readyState === "complete") wait(); else window.addEventListener("load", wait);
})"""


def main() -> None:
    """Print the seconds of each opening."""
    site, records, repeat = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    largest = max(site.glob("*.html"), key=lambda path: path.stat().st_size)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        page = Path(name) / "page.html"
        page.write_text(filled(largest.read_text(encoding="utf-8"), records), encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_ARGUMENTS
        )
        seconds = []
        for _ in range(repeat + 1):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            seconds.append(opening(context.new_page(), page))
            context.close()
        browser.close()
    print(json.dumps(seconds[1:]))  # the first warms the browser up


def opening(page: Page, file: Path) -> float:
    """Seconds until the page is painted."""
    page.goto(file.as_uri())
    return float(page.evaluate(_PAINTED)) / 1000


def filled(text: str, records: int) -> str:
    """The page with so many rows in its register."""
    rows = list(_ROW.finditer(text))
    last = rows[-1]
    more = [
        last[0].replace(f'id="r{last[1]}"', f'id="r{number}"')
        for number in range(len(rows) + 1, records + 1)
    ]
    return text[: last.end()] + "".join(more) + text[last.end() :]


if __name__ == "__main__":
    main()

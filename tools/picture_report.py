"""Makes docs/images/report.png: the report's first page, and the proof of one number beside it.

    make report && .venv/bin/python tools/picture_report.py

Needs pdftoppm (poppler-utils) and Chromium.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "build" / "qinghe-2023"
OUT = ROOT / "docs" / "images" / "report.png"
FIGURE = "findings_overdue.QH.2023"
HEIGHT, WIDTH, GAP = 1000, 760, 28  # pixels
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def main() -> None:
    """Write the picture, 256 colours."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        pictures = [ImageOps.expand(p, 1, "#c9ced6") for p in (first_page(work), proof(work))]
    wide = sum(picture.width for picture in pictures) + GAP * (len(pictures) + 1)
    canvas = Image.new("RGB", (wide, HEIGHT + 2 * GAP), "#eef0f3")
    left = GAP
    for picture in pictures:
        canvas.paste(picture, (left, GAP))
        left += picture.width + GAP
    OUT.parent.mkdir(exist_ok=True)
    canvas.quantize(128).save(OUT, optimize=True)


def first_page(work: Path) -> Image.Image:
    """The first page of report.pdf."""
    command = [shutil.which("pdftoppm") or "pdftoppm", "-r", "110", "-png", "-l", "1"]
    subprocess.run([*command, REPORT / "report.pdf", work / "page"], check=True)  # noqa: S603 our own file
    page = Image.open(next(work.glob("page*.png"))).convert("RGB")
    return page.resize((round(page.width * HEIGHT / page.height), HEIGHT))


def proof(work: Path) -> Image.Image:
    """The proof of FIGURE on the page, its records opened."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_ARGUMENTS
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto((REPORT / "report.html").as_uri())
        page.evaluate(
            """binding => {
              const title = document.querySelector(`.proof h3 [data-binding="${binding}"]`);
              const proof = title.closest(".proof");
              proof.querySelector("details").open = true;
              proof.scrollIntoView();
            }""",
            FIGURE,
        )
        page.wait_for_timeout(500)
        page.screenshot(path=work / "proof.png")
        browser.close()
    return Image.open(work / "proof.png").convert("RGB")


if __name__ == "__main__":
    main()

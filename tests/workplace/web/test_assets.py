"""Scripts and styles: named by their content, small, and served compressed."""

import gzip
import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

from workplace.web import assets
from workplace.web.assets import asset_url
from workplace.web.checks import assets_are_built

KB = 1024
BUILT = assets.settings.ASSETS
is_built = pytest.mark.skipif(
    not (BUILT / ".vite" / "manifest.json").is_file(), reason="`make assets` was not run"
)


def test_an_address_is_that_of_the_built_file(settings, tmp_path: Path):
    settings.ASSETS = tmp_path
    (tmp_path / ".vite").mkdir()
    built = {"main.js": {"file": "main-a1b2c3d4.js"}}
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(built))
    assert asset_url("main.js") == "/static/built/main-a1b2c3d4.js"
    assert asset_url("other.js") == ""
    assert assets_are_built(None) == []


def test_pages_stand_without_assets_but_somebody_is_told(settings, tmp_path: Path, client_of):
    settings.ASSETS = tmp_path
    page = client_of("clerk1").get("/").content.decode()
    assert "built/" not in page
    [warning] = assets_are_built(None)
    assert "make assets" in warning.hint


@is_built
def test_built_files_are_kept_for_ever_and_sent_compressed(rf, db):
    served = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
    request = rf.get(asset_url("main.scss"), headers={"Accept-Encoding": "gzip"})
    answer = served(request)
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" in answer["Cache-Control"]
    answer.close()


@is_built
def test_a_page_loads_little():
    style = _compressed(BUILT / Path(asset_url("main.scss")).name)
    script = _compressed(BUILT / Path(asset_url("main.js")).name)
    htmx = _compressed(Path(finders.find("django_htmx/htmx-2.min.js")))
    assert style < 60 * KB
    assert script + htmx < 40 * KB


def _compressed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes()))

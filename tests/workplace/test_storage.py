"""Where files are kept, and that they are there whole."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.utils.module_loading import import_string

from workplace.disk import DurableStorage
from workplace.environment import read_storage


def test_a_folder_is_the_default(monkeypatch, tmp_path):
    monkeypatch.delenv("SHUZHI_FILES", raising=False)
    said = read_storage("SHUZHI_FILES", default=tmp_path)
    assert said["OPTIONS"] == {"location": tmp_path}


def test_an_object_store_by_one_setting(monkeypatch):
    address = "s3://evidence/county?endpoint=http://127.0.0.1:9000&region=local"
    monkeypatch.setenv("SHUZHI_FILES", address)
    said = read_storage("SHUZHI_FILES", default=Path())
    storage = import_string(said["BACKEND"])(**said["OPTIONS"])
    assert (storage.bucket_name, storage.location) == ("evidence", "county")
    assert (storage.endpoint_url, storage.region_name) == ("http://127.0.0.1:9000", "local")


@pytest.mark.parametrize("address", ["ftp://x/y", "s3:///folder", "s3://bucket?endpiont=x"])
def test_an_address_that_cannot_be_is_refused(monkeypatch, address):
    monkeypatch.setenv("SHUZHI_FILES", address)
    with pytest.raises(ImproperlyConfigured, match="SHUZHI_FILES"):
        read_storage("SHUZHI_FILES", default=Path())


def test_a_file_on_disk_is_whole_and_never_overwritten(tmp_path):
    storage = DurableStorage(location=tmp_path)
    first = storage.save("a/b", ContentFile(b"first"))
    second = storage._save("a/b", ContentFile(b"second"))
    assert first != second
    assert (tmp_path / first).read_bytes() == b"first"
    assert (tmp_path / second).read_bytes() == b"second"
    assert {path.name for path in (tmp_path / "a").iterdir()} == {
        Path(first).name,
        Path(second).name,
    }


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def fail(_):
        raise OSError("no space left")

    monkeypatch.setattr("workplace.disk.os.fsync", fail)
    with pytest.raises(OSError, match="no space"):
        DurableStorage(location=tmp_path).save("a/b", ContentFile(b"first"))
    assert not list((tmp_path / "a").iterdir())

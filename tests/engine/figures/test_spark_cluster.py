"""A Spark cluster of its own, and what is said where there is none to be had."""

import os
import socket
import sys
import warnings
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from java_here import needs_java
from small_county import UNITS, small_ledgers, small_pack
from what_engines_read_otherwise import DEFINITIONS, FEW_ROWS, MEETINGS

from shuzhi import pipeline
from shuzhi.engines.spark import SparkEngine
from shuzhi.engines.spark_session import Cluster, open_session
from shuzhi.errors import UserError
from shuzhi.figures.compute import compute_figures
from shuzhi.ledgers.model import Ledgers
from shuzhi.periods import parse_period
from shuzhi.pipeline.source import Source
from shuzhi.prove.spark import write_tables
from shuzhi.prove.spark_cluster import standalone_cluster
from shuzhi.units import UnitTree

YEAR = [parse_period("2023")]


@pytest.fixture
def silent() -> str:
    """The URL of a master that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"spark://127.0.0.1:{free.getsockname()[1]}"


@needs_java
def test_a_master_that_is_silent_is_named_at_once(silent: str) -> None:
    """Spark itself would ask for a minute."""
    with pytest.raises(UserError, match=f"nobody answers at {silent}"):
        open_session(silent)


def test_without_java_it_says_what_to_install(
    silent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is started."""
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UserError, match="openjdk-17-jre-headless"):
        open_session(silent)


def test_without_pyspark_it_says_what_to_install(
    silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is an extra."""
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UserError, match="pip install"):
        open_session(silent)


def test_a_folder_of_workbooks_must_be_sealed_first(silent: str, tmp_path: Path) -> None:
    """Workers read the files of an edition."""
    pack = small_pack(tmp_path / "pack", DEFINITIONS)
    source = Source(tmp_path, pack, Ledgers({}, UnitTree([]), (), (), (), ()), None)
    with pytest.raises(UserError, match="seal it first"):
        pipeline.on_spark(source, silent)


@needs_java
def test_a_cluster_of_its_own_counts_the_same(tmp_path: Path) -> None:
    """A master and two workers, each a process: the same figures as DuckDB's."""
    pack = small_pack(tmp_path / "pack", DEFINITIONS)
    few = {name: pack.indicators[name] for name in ("days", "large", "newest")}
    pack = replace(pack, indicators=few)
    found = small_ledgers(pack, MEETINGS, "", UNITS, "")
    write_tables(found, tmp_path / "tables")
    expected = compute_figures(found, pack, periods=YEAR)
    with warnings.catch_warnings(), standalone_cluster(tmp_path / "cluster", memory="1g") as master:
        warnings.simplefilter("ignore")  # of pyspark's own
        cluster = Cluster(master, (tmp_path / "tables").as_uri(), tmp_path.as_uri())
        session, _ = open_session(master)
        try:
            for name, value in FEW_ROWS.items():
                session.conf.set(name, value)
            engine = partial(SparkEngine, cluster=cluster)
            assert compute_figures(found, pack, periods=YEAR, engine=engine) == expected
        finally:
            session.stop()
    assert not list(tmp_path.glob(".shuzhi-*")), "what was kept between steps is gone"

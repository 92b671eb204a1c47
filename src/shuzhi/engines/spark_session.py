"""A session on a Spark cluster, or a plain word on why there is none."""

import os
import shutil
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shuzhi.errors import UserError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SECONDS_TO_ANSWER = 5
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error, never a wrong number
    "spark.sql.session.timeZone": "UTC",
    # A ledger is one file; a larger piece would leave most of a cluster idle.
    "spark.sql.files.maxPartitionBytes": "16m",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_TASKS_A_CORE = 2


@dataclass(frozen=True)
class Cluster:
    """`master` is Spark's URL; `data` the folder, as the workers see it, with one Parquet file a
    table; `work` a folder that they can write, for what is kept between two steps."""

    master: str
    data: str
    work: str


def open_session(master: str) -> tuple["SparkSession", bool]:
    """The session there is in this process, or a new one, and whether it is new.

    Raises: UserError where pyspark or Java is missing or the master does not answer.
    """
    try:
        from pyspark.sql import SparkSession  # few have it, and it takes a second to load
    except ImportError:
        raise UserError(
            "the engine spark needs the package pyspark: pip install 'shuzhi[spark]'"
        ) from None
    session = SparkSession.getActiveSession()
    if session is not None:
        return session, False
    _refuse_without_java()
    _refuse_silent_master(master)
    return _new_session(master), True


def _new_session(master: str) -> "SparkSession":
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("shuzhi").config(map=dict(_SETTINGS))
    if _is_on_this_machine(master):
        builder = builder.config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
    try:
        session = builder.getOrCreate()
    except (Py4JError, PySparkException, OSError) as error:
        raise UserError(f"no session on {master}: {str(error).splitlines()[0]}") from error
    session.sparkContext.setLogLevel("OFF")
    tasks = _TASKS_A_CORE * session.sparkContext.defaultParallelism
    session.conf.set("spark.sql.shuffle.partitions", str(tasks))
    return session


def _refuse_without_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and shutil.which(f"{home}/bin/java"))):
        raise UserError(
            "the engine spark needs Java 17 or newer, and there is no java on the path; "
            "on Debian: apt-get install openjdk-17-jre-headless"
        )


def _refuse_silent_master(master: str) -> None:
    """Spark itself would ask for a minute."""
    if not master.startswith("spark://"):
        return
    addresses = master.removeprefix("spark://").split(",")
    if not any(_answers(address) for address in addresses):
        raise UserError(
            f"nobody answers at {master}; start the cluster, or correct --master "
            "(spark://HOST:7077 for a standalone cluster)"
        )


def _answers(address: str) -> bool:
    try:
        host, port = urlsplit(f"//{address}").hostname, urlsplit(f"//{address}").port
        socket.create_connection((host or "", port or 7077), _SECONDS_TO_ANSWER).close()
    except (OSError, ValueError):
        return False
    return True


def _is_on_this_machine(master: str) -> bool:
    return master.startswith(("local", "spark://127.0.0.1", "spark://localhost"))

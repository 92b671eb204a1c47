"""A standalone Spark cluster on this machine: one master and some workers on loopback."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from shuzhi.errors import UserError

_LOOPBACK = "127.0.0.1"
_SECONDS_TO_START = 180  # on a busy machine each process takes half a minute
_QUIET = """rootLogger.level = error
rootLogger.appenderRef.stdout.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c: %m%n
"""


@contextmanager
def standalone_cluster(
    folder: Path, *, workers: int = 2, cores: int = 1, memory: str = "2g"
) -> Iterator[str]:
    """The URL of its master. `folder` takes logs and settings; when left, all processes are ended.

    Raises: UserError where pyspark or Java is missing, or it does not start.
    """
    try:
        import pyspark
    except ImportError:
        raise UserError("pyspark is not here: pip install 'shuzhi[spark]'") from None
    home = Path(pyspark.__file__).parent
    environment = _settings(folder, home, memory)
    port, pages = _free_port(), _free_port()
    master = f"spark://{_LOOPBACK}:{port}"
    with ExitStack() as running, _environment(environment):
        running.enter_context(
            _process(
                home, folder, "master", "org.apache.spark.deploy.master.Master",
                "--host", _LOOPBACK, "--port", str(port), "--webui-port", str(pages),
            )
        )  # fmt: skip
        _wait_for(port, folder / "master.log")
        for number in range(workers):
            work = folder / f"worker-{number}"
            running.enter_context(
                _process(
                    home, folder, work.name, "org.apache.spark.deploy.worker.Worker",
                    "--host", _LOOPBACK, "--webui-port", "0", "--cores", str(cores),
                    "--memory", memory, "--work-dir", str(work), master,
                )
            )  # fmt: skip
        for number in range(workers):
            _wait_for_registration(folder / f"worker-{number}.log")
        yield master


def _settings(folder: Path, home: Path, memory: str) -> dict[str, str]:
    """Settings for all processes of the cluster and for the session of this one."""
    settings = folder / "conf"
    settings.mkdir(parents=True)
    (settings / "log4j2.properties").write_text(
        _QUIET
        + "logger.worker.name = org.apache.spark.deploy.worker.Worker\n"
        + "logger.worker.level = info\n",
        encoding="utf-8",
    )
    (settings / "spark-defaults.conf").write_text(
        f"spark.executor.memory {memory}\nspark.driver.memory {memory}\n"
        f"spark.local.dir {folder / 'scratch'}\n",
        encoding="utf-8",
    )
    return {
        "SPARK_HOME": str(home),
        "SPARK_CONF_DIR": str(settings),
        "SPARK_LOCAL_IP": _LOOPBACK,
        "SPARK_DAEMON_MEMORY": "256m",
    }


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _process(home: Path, folder: Path, name: str, *command: str) -> Iterator[None]:
    """A process of the cluster, in a group of its own, which is ended as a whole."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 the command is ours
            [str(home / "bin" / "spark-class"), *command],
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, log: Path) -> None:
    for _ in _moments():
        with socket.socket() as probe:
            if probe.connect_ex((_LOOPBACK, port)) == 0:
                return
    raise UserError(f"the master of the cluster did not start; its log is {log}")


def _wait_for_registration(log: Path) -> None:
    for _ in _moments():
        if "registered with master" in log.read_text("utf-8", errors="replace"):
            return
    raise UserError(f"a worker of the cluster did not start; its log is {log}")


def _moments() -> Iterator[None]:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        yield
        time.sleep(0.1)

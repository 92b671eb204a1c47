"""Server and worker, started and stopped together."""

import signal
import subprocess
import sys
from types import FrameType

from waitress import create_server

from workplace.wsgi import application

THREADS = 8


def serve(host: str, port: int) -> None:
    """Serve pages and run background work until Ctrl-C, or until told to end; both stop then.

    Raises: OSError where something else listens on the port.
    """
    server = create_server(application, host=host, port=port, threads=THREADS, ident="")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    worker = subprocess.Popen([sys.executable, "-m", "workplace", "work"])  # noqa: S603 — ours
    try:
        server.run()
    finally:
        server.close()
        worker.terminate()
        worker.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    """What ends the server's loop, also where it was started in the background and Ctrl-C is
    ignored unless asked for."""
    raise KeyboardInterrupt

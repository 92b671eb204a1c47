"""Server and worker, started and stopped together."""

import subprocess
import sys

from waitress import create_server

from workplace.wsgi import application

THREADS = 8


def serve(host: str, port: int) -> None:
    """Serve pages and run background work until Ctrl-C; both stop then.

    Raises: OSError where something else listens on the port.
    """
    server = create_server(application, host=host, port=port, threads=THREADS, ident="")
    worker = subprocess.Popen([sys.executable, "-m", "workplace", "work"])  # noqa: S603 — ours
    try:
        server.run()
    finally:
        server.close()
        worker.terminate()
        worker.wait()

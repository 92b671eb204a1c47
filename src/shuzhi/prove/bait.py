"""What an attack would reach if it got through: a secret file, a file to write, a listener."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CANARY = "canary-7f3a91c2"


@dataclass
class Bait:
    """`secret` must not be read, `target` not be written, `url` not be called."""

    secret: Path
    target: Path
    port: int
    connections: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/x"

    @property
    def is_taken(self) -> bool:
        """Whether something was written or called."""
        return bool(self.connections) or self.target.exists()


@contextmanager
def laid_bait(folder: Path) -> Iterator[Bait]:
    """Bait in `folder`, and a listener on the loopback address that counts who calls."""
    (folder / "secret.txt").write_text(CANARY, "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        bait = Bait(folder / "secret.txt", folder / "written.txt", server.getsockname()[1])
        stop = threading.Event()
        listener = threading.Thread(target=_listen, args=(server, bait, stop))
        listener.start()
        try:
            yield bait
        finally:
            stop.set()
            listener.join()


def _listen(server: socket.socket, bait: Bait, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            connection, caller = server.accept()
        except TimeoutError:
            continue
        connection.close()
        bait.connections.append(str(caller))

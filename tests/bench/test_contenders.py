"""How contenders of the benchmark of figures are made ready."""

from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench" / "figures"


def test_a_contender_without_its_server_is_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A `prepare` that ends with 69 takes the contender out, with the last line as the reason."""
    monkeypatch.syspath_prepend(str(BENCH))
    from contender import Contender, Stand, UnavailableError

    definitions = tmp_path / "definitions.json"
    definitions.write_text("[]")
    lacking = "import sys; print('there is no server', file=sys.stderr); sys.exit(69)"
    contender = Contender("server", "A server", run=(), prepare=("{python}", "-c", lacking))
    stand = Stand(contender, tmp_path, definitions, tmp_path)
    with pytest.raises(UnavailableError, match="there is no server"):
        stand.prepare()

"""What the first release wrote is there after every migration since; none is missing."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from own_workplace import environment_of


def test_no_migration_is_missing(db: None) -> None:
    """Of ours: `makemigrations` would write none."""
    ours = [name for name in settings.INSTALLED_APPS if name.startswith("workplace.")]
    labels = [name.removeprefix("workplace.") for name in ours]
    call_command("makemigrations", *labels, check=True, dry_run=True, verbosity=0)


def test_what_the_first_release_wrote_is_there_today(tmp_path: Path) -> None:
    """A row in every table that it had."""
    program = Path(__file__).with_name("first_release.py")
    done = subprocess.run(
        [sys.executable, program], env=environment_of(tmp_path), text=True, capture_output=True,
        check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *lost, written = done.stdout.splitlines()
    assert lost == []
    assert int(written) > 25

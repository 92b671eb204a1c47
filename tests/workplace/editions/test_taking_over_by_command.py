"""What is taken over by command, and what is refused."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shuzhi import pipeline
from shuzhi.errors import InputRefused
from workplace.accounts.models import User
from workplace.editions.taking_over import take_over
from workplace.records.models import Record
from workplace.rounds.models import Return as Asked


@pytest.mark.usefixtures("county")
def test_units_that_are_not_here_are_refused(kept_source: pipeline.Source, office: User) -> None:
    """In a sentence, before anything is written."""
    with pytest.raises(InputRefused, match="import_units"):
        take_over(kept_source, by=office)
    assert not Record.objects.exists()


def test_by_command(office: User, example_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Units first where there are none; until a period; nobody unknown goes on record."""
    call_command("import_source", example_folder, "--by", "office", "--until", "2022-Q1")
    assert "1 rounds" in capsys.readouterr().out
    assert set(Asked.objects.values_list("period", flat=True)) == {"2022-Q1"}
    with pytest.raises(CommandError, match="nobody signs in as"):
        call_command("import_units", example_folder, "--by", "somebody")

"""`make demo`: the example county, set up once and served."""

import logging
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workplace.accounts.models import Role
from workplace.demo.people import LOGINS, PASSWORD
from workplace.demo.serving import serve
from workplace.demo.story import tell_story

# Says that a data folder is a demo's, and what it was made of.
MARKER, READY = "this-is-a-demo", "demo-is-ready"
_OURS = ("secret_key", MARKER)


class Command(BaseCommand):
    help = "Set up the example county with a user a role, and serve it. For trying out only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--set-up-only", action="store_true", help="do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_real_data(settings.DATA)
        if not (settings.DATA / READY).exists():
            self._set_up()
        call_command("migrate", verbosity=0)
        self._print_logins(options["host"], options["port"])
        if not options["set_up_only"]:
            try:
                serve(options["host"], options["port"])
            except OSError as error:
                raise CommandError(
                    f"port {options['port']} cannot be used: {error.strerror}; "
                    "choose another one by --port"
                ) from error

    def _set_up(self) -> None:
        _forget_half_of_it(settings.DATA)
        (settings.DATA / MARKER).write_text("The passwords are printed on start.\n", "utf-8")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        logging.getLogger("django_tasks").setLevel(logging.WARNING)  # each task tells of itself
        tell_story(_example(settings.DATA / "qinghe"), self._say)
        (settings.DATA / READY).touch()

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text} …")
        self.stdout.flush()

    def _print_logins(self, host: str, port: int) -> None:
        labels = {role.code: f"{role.label_zh} / {role.label_en}" for role in Role.objects.all()}
        self.stdout.write(f"\n  http://{host}:{port}/   password of all: {PASSWORD}\n")
        for login in LOGINS:
            self.stdout.write(f"  {login.username:<10} {labels[login.role]} · {login.unit}")
        self.stdout.write("\n  Ctrl-C stops it.\n")
        self.stdout.flush()


def refuse_real_data(folder: Path) -> None:
    """Raises: CommandError unless SHUZHI_DEMO says that this is a demo and the data folder is
    empty or a demo's own."""
    if not settings.DEMO:
        raise CommandError("this makes users with a known password: it needs SHUZHI_DEMO=1")
    folder.mkdir(parents=True, exist_ok=True)
    strangers = [path.name for path in folder.iterdir() if path.name not in _OURS]
    if strangers and not (folder / MARKER).exists():
        raise CommandError(
            f"{folder} holds data that are no demo's ({strangers[0]} …); "
            "name an empty folder by SHUZHI_DATA"
        )
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        raise CommandError("the demo keeps its data in its own folder: unset DATABASE_URL")


def _forget_half_of_it(folder: Path) -> None:
    """What an earlier start left that was stopped before it was ready."""
    for path in folder.iterdir():
        if path.name not in _OURS and path.name != "qinghe":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _example(folder: Path) -> Path:
    """The example county's folder of workbooks, written by the command line."""
    if not (folder / "truth.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "shuzhi", "demo", str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 — our own
    return folder

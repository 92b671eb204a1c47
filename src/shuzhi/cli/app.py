"""The command group: which commands there are, and how errors end."""

import importlib
import os
from collections.abc import Mapping, Sequence

import click

from shuzhi import __version__
from shuzhi.errors import PackRefused, UserError

# command → module of shuzhi.cli that defines it; the module is imported when it is called
_COMMANDS: Mapping[str, str] = {
    "report": "report",
    "bulletin": "bulletin",
    "site": "site",
    "read": "read",
    "check": "check",
    "seal": "seal",
    "amend": "seal",
    "key": "seal",
    "diff": "diff",
    "figures": "figures",
    "balances": "figures",
    "proof": "figures",
    "years": "years",
    "score": "score",
    "verify": "verify",
    "pack": "pack",
    "prove": "prove",
    "ledger": "ledger",
    "demo": "demo",
}


class LazyGroup(click.Group):
    """A group whose commands are imported one at a time, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"shuzhi.cli.{_COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command


# Arrow's own allocator keeps what is no longer needed: of ten million records an eighth more
# memory, and not a second less.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="shuzhi")
def app() -> None:
    """Prove an annual duty report: workbooks in, documents out, every number open to its records.

    Exit codes: 0 done, 1 verify found a difference, 2 wrong use, 3 input or pack refused.
    """


def run(arguments: Sequence[str]) -> int:
    """The exit code after running the command `arguments` name. Errors are one or two lines."""
    try:
        code = app.main(args=list(arguments), prog_name="shuzhi", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        click.echo("stopped", err=True)
        return 2
    except PackRefused as error:
        click.echo(f"shuzhi: {error.complaints[0]}", err=True)
        if len(error.complaints) > 1:
            click.echo(f"and {len(error.complaints) - 1} more: see shuzhi pack lint PACK", err=True)
        return error.exit_code
    except UserError as error:
        click.echo(f"shuzhi: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        return 0
    except OSError as error:
        click.echo(f"shuzhi: {error.filename or 'the disk'}: {error.strerror or error}", err=True)
        return UserError.exit_code
    return code if isinstance(code, int) else 0

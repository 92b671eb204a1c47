"""Write the generated pages of docs/reference, or say with --check which of them are stale."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from shuzhi.checks.reference import checks_reference
from shuzhi.cli.app import app
from shuzhi.ledgers.messages import problem_reference

REFERENCE = Path(__file__).parent / "reference"
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "spec"))

from reference import indicator_reference  # noqa: E402 the specs are no package: the path comes first


def command_reference() -> str:
    """Every command with its arguments and options, as --help says them."""
    lines = [
        "# Commands",
        "",
        "Generated from the command line itself; `make docs` renews it.",
        "",
        "Exit codes: 0 done, 1 `verify` found a difference, 2 wrong use, 3 input or pack refused.",
    ]
    context = click.Context(app, info_name="shuzhi")
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        assert command is not None
        lines += _command(command, click.Context(command, info_name=name, parent=context))
    return "\n".join(lines) + "\n"


def _command(command: click.Command, context: click.Context) -> list[str]:
    lines = ["", f"## {context.command_path}", "", "```text", command.get_help(context), "```"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            lines += _command(below, click.Context(below, info_name=name, parent=context))
    return lines


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": command_reference,
    "problems.md": problem_reference,
    "checks.md": checks_reference,
    "indicators.md": indicator_reference,
}


def main() -> int:
    """Write the pages; with --check write nothing and end with 1 where one is stale."""
    stale = []
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale and "--check" in sys.argv:
        click.echo(f"stale: {', '.join(stale)}; run make docs", err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

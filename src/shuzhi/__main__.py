"""The command line: parse, call the pipeline, map errors to exit codes."""

import sys

from shuzhi.cli.app import run

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process with its exit code.

    0 done, 1 `verify` found a difference, 2 wrong use, 3 input or pack refused.
    """
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

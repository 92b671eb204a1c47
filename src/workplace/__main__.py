"""`python -m workplace COMMAND`: Django's commands with this project's settings."""

import os
import sys

from workplace.web.compile_texts import compile_texts


def main() -> None:
    """Run one command; `help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workplace.settings")
    compile_texts()
    from django.core.management import execute_from_command_line

    execute_from_command_line([f"{sys.executable} -m workplace", *sys.argv[1:]])


if __name__ == "__main__":
    main()

"""The worker that reads .xls files (see `shuzhi.confined`).

Their format is a file system of its own, in which a few changed bytes can make the reader take all
memory there is and abort. A request is the file; the answer is JSON, as `raw_sheets` writes it,
behind `+`, or behind `-` the code and the facts of a refusal.
"""

import json

from shuzhi.confined import serve
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.raw_sheets import raw_sheets, sheets_as_json

GOOD, BAD = b"+", b"-"


def answer(content: bytes) -> bytes:
    try:
        return GOOD + sheets_as_json(list(raw_sheets(content)))
    except FileRefused as refused:
        return BAD + json.dumps([refused.code, refused.facts]).encode()


if __name__ == "__main__":
    answer(b"not a workbook")  # what is imported late, while files can still be opened
    serve(answer)

"""What leaves as a file for spreadsheets: texts stay texts, nothing in it calculates."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for the beginning of a formula when it opens a .csv file.
_ALIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def for_csv(text: str) -> str:
    """The text for a cell of a .csv file; with an apostrophe before it where a spreadsheet would
    take it for a formula."""
    return f"'{text}" if text.startswith(_ALIVE) else text

"""Where a sheet's table begins, which table it is, and which column means what.

Names are looked up exactly (after folding), never guessed: a near miss is named in the remedy of
a problem, a person confirms it, and the alias is saved.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from shuzhi.ledgers.folding import fold, tidy, without_brackets
from shuzhi.ledgers.messages import Suggestion
from shuzhi.ledgers.values import as_text, is_blank
from shuzhi.ledgers.workbooks import Sheet
from shuzhi.packs.model import Pack

SEARCHED_ROWS = 40
MOST_HEADER_ROWS = 3
_BY_NAME = 2  # columns that must match where title, sheet or file name the table
_BY_COLUMNS = 3  # columns that must match where nothing names it, and half of all headers
_NAMED_BONUS = 2
_SUGGESTED_FROM = 60  # similarity below which a suggestion only distracts
_SERIAL = frozenset({"序号", "序", "行号", "no", "sn"})
_REMARKS = frozenset({"备注", "说明", "其他说明", "备注说明", "remark", "remarks", "note", "notes"})
_WHOLE = frozenset({"合计", "小计", "总计", "总数", "共计", "total"})


@dataclass(frozen=True)
class Header:
    """The header of one table. Rows and columns count from 0.

    `columns` maps column names to positions; `written` to the header as it stands there;
    `unknown` holds position and text of headers that mean nothing known. The table spans the
    columns from `left` to before `right`; `serial` is the position of the line numbers, or -1.
    """

    table: str
    first_row: int
    last_row: int
    columns: Mapping[str, int]
    written: Mapping[str, str]
    unknown: tuple[tuple[int, str], ...]
    left: int
    right: int
    serial: int


class HeaderDictionary:
    """All headers and titles a pack knows, with the aliases saved for this source."""

    def __init__(self, pack: Pack, aliases: Mapping[str, str] | None = None) -> None:
        """`aliases` maps a spelling to "table.column"."""
        self._pack = pack
        # folded header → table → (rank, column); the lowest rank wins
        self._columns: dict[str, dict[str, tuple[int, str]]] = {}
        self._titles: dict[str, str] = {}
        for spelling, target in (aliases or {}).items():
            table_name, _, column_name = target.partition(".")
            self._add(spelling, table_name, column_name, 0)
        for table in pack.tables.values():
            for title in (table.name, *table.label.values(), *table.synonyms):
                self._titles.setdefault(fold(title), table.name)
            for column in table.columns:
                for label in (column.name, *column.label.values()):
                    self._add(label, table.name, column.name, 1)
                for synonym in column.synonyms:
                    self._add(synonym, table.name, column.name, 2)

    def _add(self, spelling: str, table: str, column: str, rank: int) -> None:
        known = self._columns.setdefault(fold(spelling), {})
        if table not in known or rank < known[table][0]:
            known[table] = (rank, column)

    def look_up(self, path: Sequence[str]) -> Mapping[str, tuple[int, str, str]]:
        """Table → (how loosely it matched, column, text that matched) for one column's header.

        `path` holds its header texts from the top row down; more of the path matches tighter.
        """
        found: dict[str, tuple[int, str, str]] = {}
        for looseness, (folded, texts) in enumerate(_spellings(path)):
            for table, (rank, column) in self._columns.get(folded, {}).items():
                found.setdefault(table, (looseness * 3 + rank, column, "/".join(texts)))
        return found

    def named_table(self, texts: Iterable[str]) -> str:
        """The table whose longest label or synonym stands in one of `texts`, the first decides;
        '' where none does."""
        for text in texts:
            folded = fold(text)
            hits = [title for title in self._titles if title in folded]
            if hits:
                return self._titles[max(hits, key=len)]
        return ""

    def count_missing(self, header: "Header") -> int:
        """How many required columns of its table a header lacks."""
        columns = self._pack.tables[header.table].columns
        return sum(column.required and column.name not in header.columns for column in columns)

    def suggest_column(self, text: str, header: "Header") -> Suggestion:
        """The known header of the table nearest to `text`. A column that has its header already
        is named in words only: an alias would take that header's place."""
        names = {
            name: column.name
            for column in self._pack.tables[header.table].columns
            for name in (*column.label.values(), *column.synonyms)
        }
        best = suggest(text, list(names))
        is_free = bool(best) and names[best] not in header.columns
        return Suggestion(best, f"{header.table}.{names[best]}" if is_free else "")

    def suggest_table(self, texts: Sequence[str]) -> Suggestion:
        """The title nearest to any of `texts`, in words: titles have no aliases."""
        return Suggestion(next(filter(None, (suggest(text, self._named) for text in texts)), ""))

    @cached_property
    def _named(self) -> list[str]:
        return [
            title
            for table in self._pack.tables.values()
            for title in (*table.label.values(), *table.synonyms)
        ]


def suggest(text: str, known: Sequence[str]) -> str:
    """The one of `known` most like `text`; '' where none is near. Never more than a suggestion."""
    best = process.extractOne(tidy(text), known, scorer=fuzz.WRatio, score_cutoff=_SUGGESTED_FROM)
    return best[0] if best else ""


def find_header(sheet: Sheet, dictionary: HeaderDictionary, names: Sequence[str]) -> Header | None:
    """The header of a sheet; None where no table of the pack is recognised.

    `names` are sheet and file name; the rows above the header count as its title.
    """
    best: tuple[tuple[int, int, int], Header] | None = None
    texts = _texts(sheet)
    for first in range(min(len(sheet.rows), SEARCHED_ROWS)):
        if best and first >= best[1].first_row + MOST_HEADER_ROWS:
            break
        named = dictionary.named_table((*_titles(sheet, first), *names))
        for height in range(1, min(MOST_HEADER_ROWS, len(sheet.rows) - first) + 1):
            for header, is_named in _headers_at(sheet, texts, dictionary, first, height, named):
                # of two that say as much, the lower one: the other begins with the title
                said = len(header.columns) + _NAMED_BONUS * is_named
                score = (said, -height, -dictionary.count_missing(header))
                if best is None or score > best[0]:
                    best = (score, header)
    return best[1] if best else None


def _headers_at(
    sheet: Sheet,
    texts: Sequence[Sequence[str]],
    dictionary: HeaderDictionary,
    first: int,
    height: int,
    named: str,
) -> Iterator[tuple[Header, bool]]:
    """What the rows from `first` could be the header of, and whether a title says so."""
    paths = _paths(sheet, texts, first, first + height - 1)
    if len(paths) < _BY_NAME:
        return
    hits = {position: dictionary.look_up(path) for position, path in paths.items()}
    for table in sorted({table for hit in hits.values() for table in hit}):
        header = _map_columns(table, first, first + height - 1, paths, hits)
        if _is_enough(header, paths, table == named):
            yield header, table == named


def title_texts(sheet: Sheet, header: Header | None) -> list[str]:
    """What stands above the header, cell by cell."""
    return _titles(sheet, header.first_row if header else min(len(sheet.rows), 3))


def _titles(sheet: Sheet, before: int) -> list[str]:
    return [
        tidy(cell)
        for row in sheet.rows[:before]
        for cell in row
        if isinstance(cell, str) and not is_blank(cell)
    ]


def _spellings(path: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Each way to read a header, tightest first: folded, and the texts it is made of."""
    folded = [fold(text) for text in path]
    for start in range(len(path)):
        yield "".join(folded[start:]), path[start:]
    if len(path) > 2:
        yield folded[0] + folded[-1], (path[0], path[-1])
    if len(path) > 1 and folded[-1] in _WHOLE:
        yield folded[-2], path[-2:-1]
    plain = without_brackets(path[-1])
    if plain != path[-1] and fold(plain):
        yield fold(plain), (plain,)


def _texts(sheet: Sheet) -> list[list[str]]:
    """The rows a header can stand in, as text."""
    return [
        [as_text(cell) if not is_blank(cell) else "" for cell in row]
        for row in sheet.rows[: SEARCHED_ROWS + MOST_HEADER_ROWS]
    ]


def _paths(
    sheet: Sheet, rows: Sequence[Sequence[str]], first: int, last: int
) -> dict[int, list[str]]:
    """Position → header texts from the top down, for the columns that have any."""
    texts = [list(row) for row in rows[first : last + 1]]
    _spread_merged(sheet, texts, first, last)
    for number, row in enumerate(texts[:-1]):
        _spread_groups(row, texts[number + 1 :])
    width = max((len(row) for row in texts), default=0)
    paths: dict[int, list[str]] = {}
    for position in range(width):
        path: list[str] = []
        for row in texts:
            text = row[position] if position < len(row) else ""
            if text and (not path or path[-1] != text):
                path.append(text)
        if path:
            paths[position] = path
    return paths


def _spread_merged(sheet: Sheet, texts: list[list[str]], first: int, last: int) -> None:
    for (top, left), (bottom, right) in sheet.merged:
        if not first <= top <= last:
            continue
        row = texts[top - first]
        text = row[left] if left < len(row) else ""
        for number in range(top, min(bottom, last) + 1):
            below = texts[number - first]
            for position in range(left, min(right + 1, len(below))):
                below[position] = below[position] or text


def _spread_groups(row: list[str], below: list[list[str]]) -> None:
    """A group's name over several columns stands in the first of them where nothing is merged."""
    group = ""
    for position, text in enumerate(row):
        has_below = any(position < len(other) and other[position] for other in below)
        if text:
            group = text if has_below else ""
        elif has_below and group:
            row[position] = group


def _map_columns(
    table: str,
    first: int,
    last: int,
    paths: Mapping[int, list[str]],
    hits: Mapping[int, Mapping[str, tuple[int, str, str]]],
) -> Header:
    columns: dict[str, int] = {}
    written: dict[str, str] = {}
    tightest = sorted((hit[table][0], at) for at, hit in hits.items() if table in hit)
    for _, position in tightest:
        _, column, text = hits[position][table]
        if column not in columns:
            columns[column], written[column] = position, text
    left, right = _table_span(set(columns.values()), paths)
    spare = [at for at in range(left, right) if at in paths and at not in columns.values()]
    leaves = {at: paths[at][-1] for at in spare}
    serial = next((at for at in spare if fold(leaves[at]) in _SERIAL), -1)
    unknown = tuple((at, leaves[at]) for at in spare if fold(leaves[at]) not in _SERIAL | _REMARKS)
    return Header(table, first, last, columns, written, unknown, left, right, serial)


def _table_span(mapped: set[int], paths: Mapping[int, list[str]]) -> tuple[int, int]:
    """From the first to past the last mapped column, and the headers that touch them."""
    left, right = min(mapped), max(mapped) + 1
    while left - 1 in paths:
        left -= 1
    while right in paths:
        right += 1
    return left, right


def _is_enough(header: Header, paths: Mapping[int, list[str]], is_named: bool) -> bool:
    matched = len(header.columns)
    if is_named:
        return matched >= _BY_NAME
    within = sum(header.left <= position < header.right for position in paths)
    return (matched >= _BY_COLUMNS and matched * 2 >= within) or 1 < matched == within

"""What each row below a header is: data, a total, a note, a sample, or "nothing this period"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shuzhi.ledgers.folding import fold, tidy
from shuzhi.ledgers.headers import Header
from shuzhi.ledgers.values import is_blank
from shuzhi.ledgers.workbooks import Sheet


class RowKind(StrEnum):
    """Blank rows are not read; data rows are kept or refused; all others are recognised."""

    BLANK = "blank"
    TITLE = "title"
    HEADER = "header"
    DATA = "data"
    TOTAL = "total"
    SUBTOTAL = "subtotal"
    NOTE = "note"
    SAMPLE = "sample"
    NIL = "nil"
    NOT_APPLICABLE = "not_applicable"
    UNFILLED = "unfilled"  # a line number, or the sender's own name, and nothing else


_TOTAL = re.compile(
    r"(?:本[页期月季年]度?)?(?:总合计|合计|总计|小计|共计|累计)(?:数|人数)?|(?:grand|sub)?total"
)
_NOTE = re.compile(
    r"(?:注|备注|附注|说明|填表说明|填报说明|注意事项|note|notes)\s*\d*\s*[:.、]"
    r"|(?:填表|填报|制表|审核|复核|联系|(?:单位|主要|分管)?负责)(?:人|日期|时间|单位|电话)?"
    r"(?:签字|签名)?:"
)
_SAMPLE_START = ("示例", "样例", "范例", "例:", "例：", "(", "（", "【", "[")
_SAMPLE = re.compile(r"[(\[【]?(?:示例|样例|范例)(?:[\W\d_]|$)|例:")
_NIL = re.compile(
    r"(?:本(?:期|月|季|季度|年|年度|半年|单位))?(?:暂|均|尚)?(?:无|没有|未开展|未发生)"
    r"(?:此类|此项|相关|该项)?(?:情况|记录|数据|事项|工作|内容)?|零报告|nil|none"
)
_NOT_APPLICABLE = re.compile(r"(?:本(?:期|月|季度|年度?|单位))?不适用\W*(?P<reason>.*)", re.DOTALL)
_WIDE = 3  # a text merged over so many columns is a remark, no value


@dataclass(frozen=True)
class SortedRows:
    """The kind of every row of a sheet, by position from 0, and the reason given for 不适用."""

    kinds: Sequence[RowKind]
    reason: str = ""

    def of(self, *kinds: RowKind) -> list[int]:
        return [number for number, kind in enumerate(self.kinds) if kind in kinds]

    @property
    def recognised(self) -> int:
        return sum(kind not in (RowKind.BLANK, RowKind.DATA) for kind in self.kinds)


def sort_rows(sheet: Sheet, header: Header, unit_at: int, *, unit_is_sender: bool) -> SortedRows:
    """The kind of every row of a sheet with a header.

    `unit_at` is the position of the unit column (-1: none); `unit_is_sender` says that the sender
    is filled in where it is blank, so that a unit alone in its row says nothing.
    """
    wide = _wide_rows(sheet, header)
    kinds: list[RowKind] = []
    reason = ""
    for number, row in enumerate(sheet.rows):
        if number <= header.last_row:
            kinds.append(_kind_above(row, number, header))
            continue
        filled = [
            (position, cell)
            for position, cell in enumerate(row[header.left : header.right], header.left)
            if cell != "" and cell is not None
        ]
        if not filled:
            kinds.append(RowKind.BLANK)
            continue
        kind, why = _kind_below(filled, header, unit_at, unit_is_sender)
        if number in sheet.hidden_rows:
            kind = RowKind.SAMPLE
        elif kind is RowKind.DATA and len(filled) == 1 and _is_remark(number, filled, wide, kinds):
            kind = RowKind.NOTE
        kinds.append(kind)
        reason = reason or why
    return SortedRows(kinds, reason)


def _kind_above(row: list[object], number: int, header: Header) -> RowKind:
    if all(is_blank(cell) for cell in row):
        return RowKind.BLANK
    return RowKind.TITLE if number < header.first_row else RowKind.HEADER


def _kind_below(
    filled: list[tuple[int, object]], header: Header, unit_at: int, unit_is_sender: bool
) -> tuple[RowKind, str]:
    texts = [cell for _, cell in filled if isinstance(cell, str)]
    for text in texts:
        if len(text) < 16 and ("计" in text or "otal" in text.casefold()):
            folded = fold(text)
            if _TOTAL.fullmatch(folded):
                return (RowKind.SUBTOTAL if "小计" in folded else RowKind.TOTAL), ""
        if text.startswith(_SAMPLE_START) and _SAMPLE.match(tidy(text)):
            return RowKind.SAMPLE, ""
    if texts and texts[0] is filled[0][1] and _NOTE.match(tidy(texts[0]).casefold()):
        return RowKind.NOTE, ""
    if len(filled) > 1 and _repeats_header(filled, header):
        return RowKind.HEADER, ""
    return _kind_of_answer(filled, header, unit_at, unit_is_sender)


def _repeats_header(filled: list[tuple[int, object]], header: Header) -> bool:
    by_position = dict(filled)
    same = [by_position.get(at) == header.written[name] for name, at in header.columns.items()]
    return sum(same) > 1


def _kind_of_answer(
    filled: list[tuple[int, object]], header: Header, unit_at: int, unit_is_sender: bool
) -> tuple[RowKind, str]:
    """Data, unless what stands beside line number and unit says nothing, or says 无."""
    if any(not isinstance(cell, str) for at, cell in filled if at != header.serial):
        return RowKind.DATA, ""
    said = [(at, cell) for at, cell in filled if at != header.serial and not is_blank(cell)]
    if not said:
        return RowKind.UNFILLED, ""
    beside = [cell for at, cell in said if at != unit_at or _is_answer(cell)]
    if not beside:
        return (RowKind.UNFILLED if unit_is_sender else RowKind.DATA), ""
    if not isinstance(beside[0], str):
        return RowKind.DATA, ""
    if match := _NOT_APPLICABLE.fullmatch(tidy(beside[0])):
        others = [str(cell) for cell in beside[1:]]
        return RowKind.NOT_APPLICABLE, " ".join(filter(None, [match["reason"], *others]))
    is_nil = all(isinstance(cell, str) and _is_nil(cell) for cell in beside)
    return (RowKind.NIL if is_nil else RowKind.DATA), ""


def _is_nil(text: str) -> bool:
    return _NIL.fullmatch(tidy(text).strip("。.").casefold()) is not None


def _is_answer(cell: object) -> bool:
    """Whether a cell in the unit's column is no unit but 无 or 不适用."""
    return isinstance(cell, str) and (
        _is_nil(cell) or _NOT_APPLICABLE.fullmatch(tidy(cell)) is not None
    )


def _wide_rows(sheet: Sheet, header: Header) -> set[int]:
    return {
        top
        for (top, left), (_, right) in sheet.merged
        if top > header.last_row and right - left + 1 >= _WIDE
    }


def _is_remark(
    number: int, filled: list[tuple[int, object]], wide: set[int], kinds: list[RowKind]
) -> bool:
    if not isinstance(filled[0][1], str):
        return False
    return number in wide or (bool(kinds) and kinds[-1] is RowKind.NOTE)

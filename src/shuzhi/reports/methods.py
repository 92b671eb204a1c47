"""How a figure is worked out, in words a reader of the report understands."""

import re
from collections.abc import Mapping

from shuzhi.packs.model import ColumnType, Indicator, Measure, MeasureKind, Pack, Table

_NAME = re.compile(
    r"'[^']*'|[A-Za-z_]\w*(?:\([a-z_]+\))?(?P<null> is (?:not )?null)?|<>|<=|>=|[*/]", re.IGNORECASE
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "and": "且",
        "or": "或",
        "not": "不满足",
        "in": "属于",
        "given": "不为空",
        "empty": "为空",
        "yes": "{}为“是”",
        "between": "介于",
        "true": "是",
        "false": "否",
        "<>": "≠",
        "<=": "≤",
        ">=": "≥",
        "*": "×",
        "/": "÷",
        "period_start": "期初日",
        "period_last_day": "期末日",
        "units_below": "所辖{}数",
        "reporting_rate": "{}报送率",
        "last_year": "上年{}",
        "year_to_date": "年初以来{}",
        "target": "{}的目标",
    },
    "en": {
        "given": " is given",
        "empty": " is empty",
        "yes": "{} is yes",
        "<>": "≠",
        "<=": "≤",
        ">=": "≥",
        "*": "×",
        "/": "÷",
        "period_start": "the first day",
        "period_last_day": "the last day",
        "units_below": "units below ({})",
        "reporting_rate": "reporting rate of {}",
        "last_year": "last year's {}",
        "year_to_date": "{} from the start of the year",
        "target": "target of {}",
    },
}
_KINDS: Mapping[str, Mapping[MeasureKind, str]] = {
    "zh": {
        MeasureKind.COUNT: "“{table}”台账的记录数",
        MeasureKind.SUM: "“{table}”台账“{column}”之和",
        MeasureKind.AVERAGE: "“{table}”台账“{column}”的平均值",
        MeasureKind.MEDIAN: "“{table}”台账“{column}”的中位数",
        MeasureKind.MIN: "“{table}”台账“{column}”的最小值",
        MeasureKind.MAX: "“{table}”台账“{column}”的最大值",
        MeasureKind.DISTINCT: "“{table}”台账“{column}”的不同值个数",
        MeasureKind.LAST: "“{table}”台账最近一条记录的“{column}”",
        MeasureKind.SHARE: "“{table}”台账中符合条件的记录所占百分比",
        MeasureKind.STOCK: "“{table}”台账期末仍在册（“{ends}”为空或在期末之后）的记录数",
    },
    "en": {
        MeasureKind.COUNT: "the records of “{table}”",
        MeasureKind.SUM: "the sum of “{column}” in “{table}”",
        MeasureKind.AVERAGE: "the average of “{column}” in “{table}”",
        MeasureKind.MEDIAN: "the median of “{column}” in “{table}”",
        MeasureKind.MIN: "the least “{column}” in “{table}”",
        MeasureKind.MAX: "the greatest “{column}” in “{table}”",
        MeasureKind.DISTINCT: "the different values of “{column}” in “{table}”",
        MeasureKind.LAST: "“{column}” of the latest record of “{table}”",
        MeasureKind.SHARE: "the records of “{table}” that satisfy the condition, in per cent",
        MeasureKind.STOCK: "the records of “{table}” with “{ends}” empty or after the last day",
    },
}
_FRAMES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "how": "计算方法：{}。",
        "where": "，条件：{}",
        "base": "，基数：{}",
        "over": "，先取每个单位各月的数，各月{time}，再按单位{units}",
        "previous_year": "，取上年同期",
        "year_to_date": "，取年初以来",
        "sum": "相加",
        "max": "取最大",
        "min": "取最小",
        "average": "取平均",
    },
    "en": {
        "how": "Worked out as {}.",
        "where": ", where {}",
        "base": ", of those where {}",
        "over": ", taken for each unit and month; {time} over the months, {units} over the units",
        "previous_year": ", in the same period last year",
        "year_to_date": ", from the start of the year",
        "sum": "sum",
        "max": "greatest",
        "min": "least",
        "average": "average",
    },
}


def method_text(pack: Pack, indicator: Indicator, lang: str) -> str:
    """One sentence: what is counted of which table, under which condition."""
    frames = _FRAMES[lang]
    if indicator.formula is not None:
        text = formula_text(pack, indicator.formula.text, lang)
    elif indicator.measure is not None:
        text = _measure_text(pack, indicator.measure, lang)
    else:
        raise ValueError(f"{indicator.name} has neither measure nor formula")
    if indicator.over_units:
        units, time = frames[indicator.over_units], frames[indicator.over_time]
        text += frames["over"].format(units=units, time=time)
    return frames["how"].format(text + frames.get(indicator.shift, ""))


def operand_label(pack: Pack, name: str, lang: str) -> str:
    """The label of an operand: an indicator's own, or that of a function like units_below(…)."""
    if name in pack.indicators:
        return pack.indicators[name].label[lang]
    return formula_text(pack, name, lang)


def formula_text(pack: Pack, text: str, lang: str) -> str:
    """A formula with labels for names."""

    def word(match: re.Match[str]) -> str:
        name, _, argument = match[0].partition("(")
        if argument:
            frame = _WORDS[lang].get(name, f"{name}({{}})")
            return frame.format(_thing_label(pack, argument.removesuffix(")"), lang))
        return _WORDS[lang].get(name) or _thing_label(pack, name, lang)

    return _NAME.sub(word, text)


def _thing_label(pack: Pack, name: str, lang: str) -> str:
    if name in pack.indicators:
        return pack.indicators[name].label[lang]
    if name in pack.tables:
        return pack.tables[name].label[lang]
    return next((level.label[lang] for level in pack.levels if level.code == name), name)


def _measure_text(pack: Pack, measure: Measure, lang: str) -> str:
    table, frames = pack.tables[measure.table], _FRAMES[lang]
    text = _KINDS[lang][measure.kind].format(
        table=table.label[lang],
        column=table.column(measure.column).label[lang] if measure.column else "",
        ends=table.column(measure.ends).label[lang] if measure.ends else "",
    )
    if measure.where is not None:
        text += frames["where"].format(_condition(table, measure.where.text, lang))
    if measure.share_of is not None:
        text += frames["base"].format(_condition(table, measure.share_of.text, lang))
    return text


def _condition(table: Table, text: str, lang: str) -> str:
    columns = {column.name: column for column in table.columns}
    values = {
        f"'{category.value}'": category.label[lang]
        for column in table.columns
        for category in column.categories
    }

    def word(match: re.Match[str]) -> str:
        found = match[0].removesuffix(match["null"] or "")
        if found in columns:
            label = columns[found].label[lang]
            is_asked = columns[found].type is ColumnType.BOOLEAN and not match["null"]
            return _WORDS[lang]["yes"].format(label) if is_asked else label + _null(match, lang)
        if found.startswith("'"):
            return f"“{values.get(found, found.strip(chr(39)))}”"
        return _WORDS[lang].get(found.lower(), found)

    return _NAME.sub(word, text)


def _null(match: re.Match[str], lang: str) -> str:
    if not match["null"]:
        return ""
    return _WORDS[lang]["given" if "not" in match["null"].lower() else "empty"]

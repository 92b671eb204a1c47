"""What stands in a prefilled form beside the pack's own labels, in both languages."""

from collections.abc import Mapping

from shuzhi.packs.model import Column, ColumnType, Pack, Table
from shuzhi.packs.uses import indicators_using, is_checked
from shuzhi.periods import Period, PeriodKind

_QUARTERS = "一二三四"
_MOST_FEEDS = 3
_USES: Mapping[str, Mapping[str, str]] = {
    "zh": {"register": "单位台账", "report": "年度报告", "check": "数据核对", "tree": "单位名录"},
    "en": {"register": "the unit's register", "report": "the annual report",
           "check": "checks", "tree": "the list of units"},
}  # fmt: skip
_TYPES: Mapping[str, Mapping[ColumnType, str]] = {
    "zh": {ColumnType.STRING: "文字", ColumnType.INTEGER: "整数", ColumnType.NUMBER: "数字",
           ColumnType.BOOLEAN: "是或否", ColumnType.DATE: "日期，如 2023-09-03"},
    "en": {ColumnType.STRING: "text", ColumnType.INTEGER: "a whole number",
           ColumnType.NUMBER: "a number", ColumnType.BOOLEAN: "yes or no",
           ColumnType.DATE: "a date such as 2023-09-03"},
}  # fmt: skip
TEXTS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "heading": "{title}　填报表",
        "unit": "填报单位", "period": "填报期间", "time": "预计用时",
        "minutes": "约{n}分钟（{sheets}张表）",
        "how": "怎么填",
        "sheet": "表", "rows": "预计条数", "each": "每条约（分钟）", "whole": "合计约（分钟）",
        "known": "已填好", "due": "截止",
        "due_days": "期后{n}天内",
        "total": "合计",
        "rule_1": "深蓝表头必填，浅色表头选填；把光标放在表头上可看填写说明。"
        "一行一条，不要合并单元格，不要改表头。",
        "rule_2": "已知的记录已替您填好，请核对、改正，接着往下填。"
        "单位、类别、是否请从下拉框里选。",
        "rule_3": "本期没有的，在第一个数据格里只写一个“无”；不适用的写“不适用”和原因。"
        "空着不交等于没有报，不等于零。",
        "rule_4": "数字只写数字。零就填0，不知道就空着。日期写全年月日；"
        "只记得哪一旬的可写“2023年9月上旬”。",
        "rule_5": "填完存盘，原样发回即可。表上有保护但没有密码，只为防止误改表头。",
        "required": "必填", "optional": "选填", "uom": "单位：{x}", "options": "可选：{x}",
        "feeds": "用于：{x}", "more": "等{n}项",
        "cost": "每条约{n}分钟", "default_unit": "空着即为填报单位",
        "default_day": "空着即为期末最后一天",
        "wrong": "请核对", "wrong_list": "请从下拉框里选；没有合适的，请与发表单位联系。",
        "wrong_value": "这里一般填{x}。确要这样填请选“是”。",
        "yes": "是", "no": "否", "nil": "无", "not_applicable": "不适用",
        "name": "{unit}{period}{table}",
    },
    "en": {
        "heading": "{title}: form",
        "unit": "Unit", "period": "Period", "time": "Time needed",
        "minutes": "about {n} minutes ({sheets} sheets)",
        "how": "How to fill this in",
        "sheet": "Sheet", "rows": "Rows expected", "each": "Minutes a row",
        "whole": "Minutes in all", "known": "Filled in already", "due": "Due",
        "due_days": "{n} days after the period",
        "total": "Total",
        "rule_1": "Dark headers are required, light ones are not; point at a header to see what it "
        "asks for. One record a row; merge no cells and leave the headers as they are.",
        "rule_2": "What is known stands there already: check it, correct it and go on below it. "
        "Choose units, kinds and yes or no from the lists.",
        "rule_3": "Nothing this period? Write 无 (or nil) alone in the first cell of the table; "
        "where it does not apply, 不适用 and why. A blank sheet is silence, not a zero.",
        "rule_4": "Numbers only where numbers are asked; 0 for none, blank for not known. Dates "
        "with year, month and day.",
        "rule_5": "Save and send the file back as it is. The sheets are protected without a "
        "password, only to keep the headers safe.",
        "required": "Required", "optional": "Optional", "uom": "In {x}", "options": "One of: {x}",
        "feeds": "Used for: {x}", "more": "and more ({n} in all)",
        "cost": "about {n} minutes a row", "default_unit": "Blank means the unit itself",
        "default_day": "Blank means the period's last day",
        "wrong": "Please check", "wrong_list": "Choose from the list; if nothing fits, ask the "
        "office that sent this form.",
        "wrong_value": "Expected here: {x}. Choose Yes to keep it anyway.",
        "yes": "Yes", "no": "No", "nil": "无", "not_applicable": "不适用",
        "name": "{unit}, {period}: {table}",
    },
}  # fmt: skip


def say_period(period: Period, lang: str) -> str:
    """The period in words the reader of the returned form knows too."""
    if lang != "zh" or period.kind in (PeriodKind.INTERVAL, PeriodKind.YEAR_TO_DATE):
        return period.name
    year, month = period.start.year, period.start.month
    return {
        PeriodKind.YEAR: f"{year}年度",
        PeriodKind.HALF: f"{year}年{'上' if month == 1 else '下'}半年",
        PeriodKind.QUARTER: f"{year}年第{_QUARTERS[month // 3]}季度",
        PeriodKind.MONTH: f"{year}年{month}月",
    }[period.kind]


def explain_column(column: Column, table: Table, pack: Pack, lang: str) -> list[str]:
    """What a column asks for, what it is used for and what it costs, a line each."""
    texts = TEXTS[lang]
    lines = [f"{texts['required' if column.required else 'optional']}｜{say_type(column, lang)}"]
    if column.note:
        lines.append(column.note[lang])
    if column.default:
        lines.append(texts["default_unit" if column.default == "sender" else "default_day"])
    if uses := _uses(column, table, pack, lang):
        lines.append(texts["feeds"].format(x=uses))
    if column.minutes:
        lines.append(texts["cost"].format(n=f"{column.minutes:g}"))
    return lines


def say_type(column: Column, lang: str) -> str:
    """The values a column takes: 整数（人），0 … 100."""
    comma = "、" if lang == "zh" else ", "
    if column.categories:
        return comma.join(category.label[lang] for category in column.categories)
    ends = [f"{end:g}" if end is not None else "" for end in (column.minimum, column.maximum)]
    span = f" {ends[0]} … {ends[1]}".rstrip() if any(ends) else ""
    uom = f"（{column.uom[lang]}）" if column.uom else ""
    return f"{_TYPES[lang][column.type]}{uom}{span}"


def column_uses(pack: Pack, table: str, column: str, lang: str) -> tuple[str, ...]:
    """What a column feeds, each once, to be read: the labels of the indicators measured with it,
    then checks, reports and registers.

    Missing: (), nothing is known to use it.
    """
    whole = pack.tables[table]
    asked = whole.column(column)
    labels = [indicator.label[lang] for indicator in indicators_using(pack, whole, asked)]
    labels += [_USES[lang].get(use.partition(":")[0], use) for use in asked.feeds]
    if is_checked(pack, whole, asked):
        labels.append(_USES[lang]["check"])
    return tuple(dict.fromkeys(labels))


def _uses(column: Column, table: Table, pack: Pack, lang: str) -> str:
    labels = column_uses(pack, table.name, column.name, lang)
    comma = "、" if lang == "zh" else ", "
    shown = comma.join(labels[:_MOST_FEEDS])
    if len(labels) > _MOST_FEEDS:
        shown += " " * (lang == "en") + TEXTS[lang]["more"].format(n=len(labels))
    return shown

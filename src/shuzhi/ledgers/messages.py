"""Every problem code with its words: what is wrong, and what to do. zh first, en complete."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuzhi.ledgers.model import Problem, Severity


@dataclass(frozen=True)
class Words:
    """What one problem code says, by language. Facts of the case fill the {names}."""

    severity: Severity
    message: Mapping[str, str]
    remedy: Mapping[str, str]


@dataclass(frozen=True)
class Suggestion:
    """What somebody may have meant: in words, and as the target of an alias where one can be
    saved. Missing: ''."""

    words: str = ""
    target: str = ""


NO_SUGGESTION = Suggestion()


def _words(severity: Severity, zh: str, zh_remedy: str, en: str, en_remedy: str) -> Words:
    return Words(severity, {"zh": zh, "en": en}, {"zh": zh_remedy, "en": en_remedy})


_REFUSED, _NOTICE, _FILE = Severity.REFUSED, Severity.NOTICE, Severity.FILE

WORDS: Mapping[str, Words] = {
    "missing_required": _words(
        _REFUSED, "必填项“{column}”没有填写。", "补填后重新报送。",
        "The required {column} is not filled in.", "Fill it in and send the sheet again.",
    ),
    "not_a_number": _words(
        _REFUSED, "“{value}”不是一个数。", "只填一个数字，文字说明写到备注栏。",
        "{value} is not a number.", "Enter one number; put words into the remarks.",
    ),
    "not_an_integer": _words(
        _REFUSED, "“{value}”不是整数。", "填写整数。",
        "{value} is not a whole number.", "Enter a whole number.",
    ),
    "not_a_date": _words(
        _REFUSED, "“{value}”不是一个确定的日期。", "按 2023-09-03 的样式填写到日。",
        "{value} is not a date of one day.", "Write it like 2023-09-03, to the day.",
    ),
    "two_dates": _words(
        _REFUSED, "一个格内有两个或多个日期：“{value}”。", "每个日期各填一行。",
        "The cell holds two dates or more: {value}.", "Enter one row for each date.",
    ),
    "date_ambiguous": _words(
        _REFUSED, "日期“{value}”有两种读法（如 9.3 可能是 9 月 3 日，也可能是 9 月 30 日）。",
        "核对原件，按 2023-09-03 的样式填写。",
        "The date {value} can be read in two ways (9.3 may be 3 or 30 September).",
        "Look it up and write it like 2023-09-03.",
    ),
    "date_without_year": _words(
        _REFUSED, "日期“{value}”没有年份，从标题、表名、文件名也看不出年份。",
        "写上年份，或在标题中写明期间（如 2023年第三季度）。",
        "The date {value} has no year, and neither title, sheet nor file names one.",
        "Add the year, or name the period in the title (2023-Q3).",
    ),
    "unknown_unit": _words(
        _REFUSED, "单位名册中没有“{value}”。",
        "改用名册中的名称或代码；确属同一单位的，把这个写法加进 aliases.toml。{suggestion}",
        "No unit is called {value}.",
        "Use the name or code in the list of units, or save this spelling in aliases.toml."
        "{suggestion}",
    ),
    "unit_ambiguous": _words(
        _REFUSED, "“{value}”可指不止一个单位。", "填写全称或单位代码。",
        "{value} may be more than one unit.", "Enter the full name or the unit's code.",
    ),
    "unknown_category": _words(
        _REFUSED, "“{value}”不在“{column}”的选项之内。", "从选项中选填：{options}。",
        "{value} is no choice for {column}.", "Choose one of: {options}.",
    ),
    "not_boolean": _words(
        _REFUSED, "“{value}”看不出是“是”还是“否”。", "只填“是”或“否”。",
        "{value} says neither yes nor no.", "Enter 是 (yes) or 否 (no).",
    ),
    "out_of_range": _words(
        _REFUSED, "“{value}”超出允许的范围（{range}）。", "核对后改正。",
        "{value} lies outside the range allowed ({range}).", "Check and correct it.",
    ),
    "error_value": _words(
        _REFUSED, "格内是公式错误 {value}。", "修好公式，或直接填写数值。",
        "The cell holds a formula's error, {value}.", "Mend the formula, or enter the value.",
    ),
    "formula_without_value": _words(
        _REFUSED, "公式没有保存计算结果。", "用表格软件打开并保存一次，或直接填写数值。",
        "The formula was saved without its result.",
        "Open and save the workbook in an office suite, or enter the value.",
    ),
    "date_typed_as_number": _words(
        _NOTICE, "日期“{value}”是按数字录入的，读作 {read}。", "请确认；今后按日期格式录入。",
        "The date {value} was typed as a number and read as {read}.",
        "Confirm it, and enter a real date next time.",
    ),
    "date_imprecise": _words(
        _NOTICE, "日期“{value}”没有写到日，读作 {read}。", "能确定日期的请补齐。",
        "The date {value} names no day; it was read as {read}.", "Add the day if it is known.",
    ),
    "approximate_number": _words(
        _NOTICE, "“{value}”是约数，读作 {read}。", "请确认或填写准确数。",
        "{value} is approximate; it was read as {read}.", "Confirm it, or enter the exact number.",
    ),
    "total_disagrees": _words(
        _NOTICE, "合计数 {value} 与各行之和 {sum} 不一致。", "核对漏填、多填的行，再改正合计。",
        "The total {value} is not the sum of its rows, {sum}.",
        "Look for rows missing or doubled, then correct the total.",
    ),
    "file_unreadable": _words(
        _FILE, "文件无法读取（{reason}）。", "用表格软件另存为 .xlsx 后重新报送。",
        "The file cannot be read ({reason}).", "Save it as .xlsx and send it again.",
    ),
    "file_encrypted": _words(
        _FILE, "文件加了密码。", "去掉密码后重新报送。",
        "The file is protected by a password.", "Remove the password and send it again.",
    ),
    "file_too_large": _words(
        _FILE, "文件有 {megabytes} MB，超过 {limit} MB 的上限。", "去掉图片或分成几个文件报送。",
        "The file has {megabytes} MB, over the limit of {limit} MB.",
        "Remove pictures, or send several files.",
    ),
    "unpacks_too_large": _words(
        _FILE, "文件解压后过大（上限 {limit} MB，或压缩比异常）。", "清除多余的格式和空行后另存。",
        "The file unpacks to too much (limit {limit} MB, or an odd compression ratio).",
        "Remove surplus formatting and empty rows, and save it anew.",
    ),
    "too_many_rows": _words(
        _FILE, "表格有 {rows} 行，超过 {limit} 行的上限。", "删去末尾空行，或分成几个文件报送。",
        "A sheet has {rows} rows, over the limit of {limit}.",
        "Delete empty rows at its end, or send several files.",
    ),
    "too_many_columns": _words(
        _FILE, "表格有 {columns} 列，超过 {limit} 列的上限。", "删去右侧无用的列后重新报送。",
        "A sheet has {columns} columns, over the limit of {limit}.",
        "Delete the columns not needed and send it again.",
    ),
    "sheet_unrecognised": _words(
        _FILE, "看不出这是哪一张表。", "使用下发的表格，或在标题中写明表名。{suggestion}",
        "It is not clear which table this sheet is.",
        "Use the form that was sent out, or name the table in the title.{suggestion}",
    ),
    "header_unknown": _words(
        _FILE, "表头“{value}”不认识，这一列没有读取。",
        "改用规定的表头；确属同一项的，把这个写法加进 aliases.toml。{suggestion}",
        "The header {value} is not known; its column was not read.",
        "Use the header prescribed, or save this spelling in aliases.toml.{suggestion}",
    ),
    "header_missing": _words(
        _FILE, "缺少必填的列“{column}”，整张表没有读取。", "补上这一列后重新报送。",
        "The required column {column} is missing; nothing of the sheet was read.",
        "Add the column and send it again.",
    ),
    "sheet_empty": _words(
        _FILE, "表中没有一行数据，也没有写“无”。", "确无情况的，在第一行填“无”；否则补填。",
        "The sheet holds no row, and does not say 无 (none) either.",
        "Write 无 in the first row if there was nothing; else fill it in.",
    ),
    "sender_unknown": _words(
        _FILE, "看不出是哪个单位报送的。", "在标题中写明单位，或在收文登记中登记。",
        "It is not clear which unit sent this.",
        "Name the unit in the title, or enter the file in the register of receipts.",
    ),
    "period_unknown": _words(
        _FILE, "看不出是哪个期间的数据。",
        "在标题中写明期间（如 2023年第三季度），或在收文登记中登记。",
        "It is not clear which period this is for.",
        "Name the period in the title (2023-Q3), or enter the file in the register of receipts.",
    ),
    "file_type_unknown": _words(
        _FILE, "{ending} 文件不是表格，没有读取。",
        "表格用 .xlsx、.xls、.ods、.et 或 .csv 报送；照片放在 evidence 文件夹。",
        "A {ending} file is no workbook and was not read.",
        "Send workbooks as .xlsx, .xls, .ods, .et or .csv; put photos into the folder evidence.",
    ),
}  # fmt: skip

_SUGGESTION = {"zh": "是否指“{}”？", "en": " Is it “{}”?"}


def make_problem(
    code: str,
    lang: str,
    file: str,
    sheet: str = "",
    row: int = 0,
    column: str = "",
    *,
    cell: str = "",
    value: str = "",
    suggestion: Suggestion = NO_SUGGESTION,
    facts: Mapping[str, str | int] | None = None,
) -> Problem:
    """A problem with its message and remedy in `lang`. `row` counts from 1, 0 for none.

    `facts` fill the further {names} in the words of this code.
    """
    said = {name: str(fact) for name, fact in (facts or {}).items()}
    said |= {"value": value, "column": column, "suggestion": suggestion.words}
    message, remedy = say_again(code, lang, said)
    return Problem(
        file, sheet, row, column, code, WORDS[code].severity, cell, value, message, remedy,
        suggestion.target, said,
    )  # fmt: skip


def say_again(code: str, lang: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """Message and remedy of a problem in `lang`, from the facts that it was made with."""
    words, said = WORDS[code], {**dict.fromkeys(_FACTS, ""), **facts}
    if suggested := said.get("suggestion"):
        said["suggestion"] = _SUGGESTION[lang].format(suggested)
    return words.message[lang].format_map(said), words.remedy[lang].format_map(said)


_FACTS = ("reason", "options", "range", "read", "sum", "ending", "limit", "rows", "columns",
          "megabytes")  # fmt: skip

_CONSEQUENCE = {
    Severity.REFUSED: ("Refused rows", "The row is not in the ledger."),
    Severity.NOTICE: ("Notices", "The row is in the ledger; somebody should confirm the value."),
    Severity.FILE: ("Files and sheets", "A file, a sheet or a column could not be read."),
}


def problem_reference() -> str:
    """The page docs/reference/problems.md: each code with its message and remedy."""
    lines = [
        "# Problems",
        "",
        "What the reader says of a cell, a row, a sheet or a file. Codes are stable; words in",
        "braces are filled in from the case. Written from `src/shuzhi/ledgers/messages.py`.",
    ]
    for severity, (title, consequence) in _CONSEQUENCE.items():
        lines += ["", f"## {title}", "", consequence, ""]
        lines += ["| code | message | remedy | 说明 | 处理 |", "|---|---|---|---|---|"]
        for code, words in WORDS.items():
            if words.severity is severity:
                zh, en = ((words.message[at], words.remedy[at]) for at in ("zh", "en"))
                lines.append("| " + " | ".join((f"`{code}`", *en, *zh)) + " |")
    return "\n".join(lines) + "\n"

"""Persons under another name: their data in a column of no role, or as units of the tree."""

import re
from collections.abc import Iterator, Mapping

from shuzhi.packs.complaints import Complaint
from shuzhi.packs.model import Column, ColumnType, Pack, Role, Table

# What tells one person from all others, whatever the type of the column.
_IDENTIFIER = re.compile(
    r"姓名|(本人|人员)名字|身份证|证件号|护照号|社保号|学号|工号|手机号|手机$|移动电话|家庭(住址|地址|电话)"
    r"|(本人|个人|户籍)(住址|地址|电话)|出生(日期|年月)|生日(?!期)|微信号|人脸|指纹"
    r"|\b((full|first|last|family|given|person|people|staff|employee|official|member|resident"
    r"|applicant|complainant|caller|student|volunteer|chair|lecturer|contact)s? names?"
    r"|name of (the |a )?(person|official|member|resident|applicant|caller|student|volunteer|chair"
    r"|lecturer|contact)|surname|id cards?|identity (card|number)|national id|passport|birthday"
    r"|date of birth|birth date|home address|(mobile|cell|personal)( phone)?( number| no)"
    r"|(mobile|cell) ?phone|we ?chat id)\b"
)
# Who a text names; "负责人是否主持" and "责任人数" are no texts and name nobody.
_SOMEBODY = re.compile(
    r"((联系|负责|责任|主持|主讲|授课|经办|填报|填表|当事|来电|来访|诉求|举报|投诉|申请|报名|受访)人"
    r"|(参会|参加|与会|出席|缺席|参学|在岗|受访)人员|(人员|参会|参加|与会|学员|党员|干部|职工|志愿者|成员"
    r"|居民|村民)名单|花名册|讲师|主讲教师)(姓名|名单)?$"
    r"|^(person|chair(man|person)?|lecturer|speaker|contact( person)?|complainant|applicant|caller"
    r"|participants|attendees|members|phone( number| no)?|telephone( number| no)?)$"
)
_PERSON_LEVEL = re.compile(
    r"(干部|职工|员工|党员|团员|人员|个人|职员|网格员|教师|学生|居民|村民|公民|志愿者)$"
    r"|^(persons?|people|individuals?|staff|staff members?|employees?|officials?|cadres?|members?"
    r"|teachers?|students?|residents?|citizens?|volunteers?|users?)$"
)
_NAMES_NOBODY = frozenset(
    {Role.PERSON, Role.UNIT, Role.UNIT_REF, Role.DATE, Role.UOM, Role.EVIDENCE}
)


def complain_about_personal_data(
    pack: Pack, files: Mapping[str, str], complaints: list[Complaint]
) -> None:
    """Columns that name persons without the role person, keys of persons, persons as units."""
    for level in pack.levels:
        for text in (level.code, *level.label.values()):
            if _PERSON_LEVEL.search(_plain(text)):
                complaints.append(
                    Complaint(
                        "pack.toml",
                        f"levels[{level.code}]",
                        f"{text!r} are persons; the tree is one of organisations",
                        "end the tree at the unit they work for",
                    )
                )
                break
    for name, table in pack.tables.items():
        complaints += (Complaint(files[name], *what) for what in _about_table(table))


def _about_table(table: Table) -> Iterator[tuple[str, str, str]]:
    for column in table.columns:
        word = _names_persons(column)
        if word:
            yield (
                f"fields[{column.name}].shuzhi:role",
                f"{word!r} is a datum about a person, and the column has not the role person",
                'give it type string and "shuzhi:role": "person", or do not ask for it',
            )
        if column.role is Role.PERSON and column.name in table.primary_key:
            yield (
                "primaryKey",
                f"{column.name} holds persons, and a record's number would be made of them",
                "name columns about the event",
            )


def _names_persons(column: Column) -> str:
    """The word by which the column is found to be about persons; '' where it is not."""
    if column.role is Role.PERSON or column.type is ColumnType.BOOLEAN:
        return ""
    is_text = column.type is ColumnType.STRING and not column.categories
    for text in (column.name, *column.label.values(), *column.synonyms):
        plain = _plain(text)
        found = _IDENTIFIER.search(plain)
        if found is None and is_text and column.role not in _NAMES_NOBODY:
            found = _SOMEBODY.search(plain)
        if found:
            return found[0]
    return ""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()

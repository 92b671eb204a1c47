"""Builds examples/workplace-safety: a year's workbooks of a group of companies, seed 1.

    .venv/bin/python tools/build_safety_example.py [FOLDER]

海川集团, its companies and its plants send what the pack workplace-safety asks for, each in a hand
of its own: other headers, other ways to write a day, titles above and totals below. Some of it is
wrong on purpose; WRONG says what. The same seed gives the same bytes.
"""

import csv
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from shuzhi.demo.book import Cell
from shuzhi.demo.sheets import Grid
from shuzhi.demo.writers import write_grids
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Column, Role, Table
from shuzhi.periods import Period, parse_period

ROOT = Path(__file__).parents[1]
OUT = ROOT / "examples" / "workplace-safety"
PACK = load_pack(ROOT / "packs" / "workplace-safety")
YEAR = 2025

# code, name, level, parent, from, to, successor, other spellings
UNITS = [
    ("HC", "海川集团有限公司", "集团", "", "2010-01-01", "", "", "海川集团;集团公司"),
    ("HC-C1", "海川化工有限公司", "子公司", "HC", "2010-01-01", "", "", "海川化工;化工公司"),
    ("HC-C2", "海川物流有限公司", "子公司", "HC", "2012-05-01", "", "", "海川物流;物流公司"),
    ("HC-C3", "海川机械有限公司", "子公司", "HC", "2015-03-01", "", "", "海川机械;机械公司"),
    ("HC-C1-P1", "化工一厂", "厂（站）", "HC-C1", "2010-01-01", "", "", "一厂"),
    ("HC-C1-P2", "化工二厂", "厂（站）", "HC-C1", "2011-01-01", "2025-07-01", "HC-C1-P1", "二厂"),
    ("HC-C1-P3", "储运站", "厂（站）", "HC-C1", "2013-01-01", "", "", "化工储运站"),
    ("HC-C2-P1", "东港物流站", "厂（站）", "HC-C2", "2012-05-01", "", "", "东港站"),
    ("HC-C2-P2", "西郊物流站", "厂（站）", "HC-C2", "2016-01-01", "", "", "西郊站"),
    ("HC-C3-P1", "铸造厂", "厂（站）", "HC-C3", "2015-03-01", "", "", "机械铸造厂"),
    ("HC-C3-P2", "总装厂", "厂（站）", "HC-C3", "2015-03-01", "", "", "机械总装厂"),
]
CLOSED = {"HC-C1-P2": date(2025, 7, 1)}
# What is wrong on purpose, beside late and missing workbooks.
WRONG = """
西郊物流站 sends nothing for the third quarter; 铸造厂 is late with the second.
总装厂 trains more people than it expected; 储运站 accepts its own work; 东港物流站 writes 隐患情况.
化工一厂 writes a hazard twice and a kind that the pack does not have.
"""
SILENT = {("HC-C2-P2", "2025-Q3")}
LATE = {("HC-C3-P1", "2025-Q2"): 9}
ENDINGS = {"HC-C2-P1": ".ods", "HC-C3-P1": ".xls", "HC-C2-P2": ".csv"}
HAZARDS = {
    "fire": [
        "灭火器压力不足",
        "消防通道堆放物料",
        "应急照明不亮",
        "消火栓箱被遮挡",
        "烟感探头失效",
    ],
    "electric": [
        "配电箱未上锁",
        "临时用电线路拖地",
        "接地线松脱",
        "电缆沟盖板缺失",
        "插座破损裸露",
    ],
    "machinery": ["砂轮机缺防护罩", "传动皮带无护栏", "冲床双手按钮失灵", "行车限位器失效"],
    "chemical": ["溶剂桶未加盖", "酸碱混放", "洗眼器无水", "气体报警器超期未校准", "围堰积水"],
    "vehicle": ["叉车倒车报警不响", "厂区限速标志倒伏", "车辆轮胎磨损超限", "装卸平台无挡轮器"],
    "site": ["登高作业未系安全带", "作业现场无警戒线", "脚手架踏板未绑扎", "受限空间未挂牌"],
}
PLACES = [
    "一号车间",
    "二号库房",
    "罐区",
    "装卸区",
    "配电间",
    "维修班",
    "成品库",
    "锅炉房",
    "办公楼",
]
DRILLS = ["灭火疏散", "危化品泄漏处置", "触电救援", "受限空间救援", "叉车伤人处置", "防汛抢险"]
TRAININGS = {
    "induction": "新进人员三级安全教育", "refresher": "年度安全再培训",
    "special_work": "特种作业复训", "managers": "安全管理人员培训",
}  # fmt: skip
EQUIPMENT = {
    "boiler": "蒸汽锅炉", "vessel": "储气罐", "crane": "桥式起重机", "lift": "货梯",
    "vehicle": "叉车",
}  # fmt: skip
DUTIES = [
    "风险分级管控",
    "隐患排查治理",
    "安全教育培训",
    "应急预案和演练",
    "相关方管理",
    "设备检维修",
]
# by unit and period; all others had none
INCIDENTS = {
    ("HC-C1-P1", "2025-Q1"): "卸料时软管接头脱落，少量物料外溢，及时关阀收集，未造成人员伤害。",
    ("HC-C1-P1", "2025-Q3"): "罐顶呼吸阀卡涩引起压力报警，当班调整进料后恢复，未造成人员伤害。",
    ("HC-C1-P3", "2025-Q2"): "叉车转弯时货物滑落，现场无人，已重新规定捆扎要求。",
    ("HC-C2-P1", "2025-Q2"): "装卸平台湿滑，一人跌倒致手腕挫伤，已铺设防滑垫。",
    ("HC-C2-P1", "2025-Q4"): "挂车倒车时碰擦立柱，立柱护角变形，车速限制已写入交底。",
    ("HC-C3-P1", "2025-Q1"): "更换滤芯时手指被夹伤，送医缝合，停工休养。",
    ("HC-C3-P1", "2025-Q4"): "夜班巡检踩空台阶扭伤脚踝，已加装扶手和照明。",
    ("HC-C3-P2", "2025-Q3"): "电焊火花引燃包装材料，当班人员用灭火器扑灭。",
}


class Hand:
    """How one unit writes: which headers it takes, and how it writes a day."""

    def __init__(self, unit: str) -> None:
        self.dice = random.Random(unit)
        self.names: dict[str, str] = {}
        self.day_style = self.dice.randrange(4)

    def header(self, column: Column) -> str:
        choices = [column.label["zh"], *column.synonyms]
        chosen = choices[self.dice.randrange(min(3, len(choices)))]
        return self.names.setdefault(column.label["zh"], chosen)

    def day(self, value: date) -> Cell:
        chinese, dotted = f"{value.year}年{value.month}月{value.day}日", f"{value:%Y.%m.%d}"
        return [value, chinese, dotted, f"{value:%Y/%m/%d}"][self.day_style]


def main() -> None:
    """Write the folder anew."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    (out / str(YEAR)).mkdir(parents=True, exist_ok=True)
    for old in (out / str(YEAR)).iterdir():
        old.unlink()
    _write_units(out)
    receipts = [["文件", "单位", "期间", "收到日期"]]
    for code, name, level, *_ in UNITS:
        hand = Hand(code)
        for period in map(parse_period, ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025")):
            late = LATE.get((code, period.name), -hand.dice.randrange(3))
            day = period.end + timedelta(days=8 + late)
            for file in _write_book(out, code, name, level, period, hand):
                receipts.append([file, name, period.name, day.isoformat()])
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(receipts)
    (out / "receipts.csv").write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    aliases = '# Spellings that somebody has confirmed.\n[units]\n"化工储运" = "HC-C1-P3"\n'
    (out / "aliases.toml").write_text(aliases, encoding="utf-8")


def _write_units(out: Path) -> None:
    columns = [column.label["zh"] for column in PACK.tables["units"].columns]
    grid = Grid("单位名册", [list(columns)])
    for row in UNITS:
        grid.cells.append([cell or None for cell in row])
    write_grids(out / "units.xlsx", [grid])


def _write_book(
    out: Path, code: str, name: str, level: str, period: Period, hand: Hand
) -> list[str]:
    """The files one unit sends for one period: none where it is closed, silent or not asked."""
    if (code, period.name) in SILENT or CLOSED.get(code, date.max) < period.end:
        return []
    levels = {"集团": "group", "子公司": "company", "厂（站）": "plant"}
    asked = [
        table
        for table in PACK.tables.values()
        if levels[level] in table.asked.levels and _is_due(table, period)
    ]
    if not asked:
        return []
    grids = []
    for table in asked:
        dice = random.Random(f"{code} {period.name} {table.name}")
        rows = [*ROWS[table.name](code, period, dice)]
        grids.append(_lay_out(table, rows, name, period, hand))
    ending = ENDINGS.get(code, ".xlsx")
    words = {"": "度", "1": "年第一季度", "2": "年第二季度", "3": "年第三季度", "4": "年第四季度"}
    title = f"{period.name[:4]}{'年' if len(period.name) == 4 else ''}{words[period.name[6:]]}"
    books = {f"{YEAR}/{name}{title}安全报表{ending}": grids}
    if ending == ".csv":  # one table a file
        books = {f"{YEAR}/{name}{title}{grid.name}.csv": [grid] for grid in grids}
    for file, sheets in books.items():
        write_grids(out / file, sheets)
    return list(books)


def _is_due(table: Table, period: Period) -> bool:
    """Whether a table is sent with the workbook of this period; half years with their quarter."""
    if len(period.name) == 4:
        return table.asked.every == "year"
    return table.asked.every == "quarter" or (
        table.asked.every == "half" and period.name.endswith(("Q2", "Q4"))
    )


def _lay_out(
    table: Table, rows: list[dict[str, Cell]], name: str, period: Period, hand: Hand
) -> Grid:
    """A title, perhaps a line with the sender, the header, the rows, perhaps a total."""
    columns = [column for column in table.columns if column.role is not Role.EVIDENCE]
    title = f"{name}{period.name[:4]}年{table.label['zh']}台账"
    grid = Grid(table.label["zh"], [[title, *[None] * (len(columns) - 1)]])
    grid.merged.append((0, 0, 0, len(columns) - 1))
    if hand.day_style % 2:
        grid.cells.append([f"填报单位：{name}"])
    grid.cells.append([hand.header(column) for column in columns])
    for row in rows:
        cells = [row.get(column.name) for column in columns]
        grid.cells.append([hand.day(c) if isinstance(c, date) else _yes_no(c) for c in cells])
    if not rows:
        grid.cells.append(["无"])
    elif hand.day_style > 1:
        grid.cells.append(_total(columns, rows))
    return grid


def _yes_no(cell: Cell) -> Cell:
    return {True: "是", False: "否"}[cell] if isinstance(cell, bool) else cell


def _total(columns: list[Column], rows: list[dict[str, Cell]]) -> list[Cell]:
    line: list[Cell] = ["合计"]
    for column in columns[1:]:
        values = [row.get(column.name) for row in rows]
        numbers = [v for v in values if isinstance(v, int) and not isinstance(v, bool)]
        line.append(sum(numbers) if numbers and column.type == "integer" else None)
    return line


# What a unit did, table by table.
Rows = Iterator[dict[str, Cell]]


def _name(code: str) -> str:
    return next(row[1] for row in UNITS if row[0] == code)


def _below(code: str) -> list[str]:
    return [row[0] for row in UNITS if row[3] == code]


def _label(table: str, column: str, value: str) -> str:
    categories = PACK.tables[table].column(column).categories
    return next(category.label["zh"] for category in categories if category.value == value)


def _day(period: Period, dice: random.Random) -> date:
    return period.start + timedelta(days=dice.randrange((period.end - period.start).days))


def _duties(code: str, period: Period, dice: random.Random) -> Rows:
    for number, title in enumerate(DUTIES, start=1):
        signed = period.start + timedelta(days=dice.randrange(20, 60))
        yield {
            "duty_no": f"{code}-ZR{number:02}", "unit": _name(code), "title": title,
            "assigned_on": period.start + timedelta(days=9),
            "signed_on": signed if dice.random() < 0.9 else None,
            "checked_on": date(YEAR, 12, dice.randrange(1, 21)) if dice.random() < 0.85 else None,
        }  # fmt: skip


def _inspections(code: str, period: Period, dice: random.Random) -> Rows:
    kinds = ["routine"] * 5 + ["special"] * 2 + ["holiday", "unannounced"]
    places = [c for c in _below(code) if CLOSED.get(c, date.max) > period.start]
    for number in range(1, dice.randrange(4, 8)):
        yield {
            "inspection_no": f"{code}-{period.name[2:]}-{number:02}",
            "unit": _name(dice.choice(places)), "inspected_on": _day(period, dice),
            "kind": _label("inspections", "kind", dice.choice(kinds)),
            "inspected_by": _name(code), "led_by_head": dice.random() < 0.35,
            "points_checked": dice.randrange(6, 40),
        }  # fmt: skip


def _hazards(code: str, period: Period, dice: random.Random) -> Rows:
    title_of = dice.sample([(k, t) for k, titles in HAZARDS.items() for t in titles], 8)
    company = code.rpartition("-")[0]
    count = dice.randrange(3, 9)
    for number in range(1, count):
        kind, title = title_of[number - 1]
        found = _day(period, dice)
        days = dice.choice([7, 15, 30])
        due = found + timedelta(days=days)
        took = dice.randrange(2, days + 2 if dice.random() < 0.85 else 2 * days)
        fixed = found + timedelta(days=took) if dice.random() < 0.94 else None
        by_itself = dice.random() < 0.55
        own = code == "HC-C1-P3" and number % 2
        row: dict[str, Cell] = {
            "hazard_no": f"{code}-YH{period.name[2:]}-{number:02}",
            "inspection_no": None if by_itself else f"{company}-{period.name[2:]}-01",
            "unit": _name(code), "title": f"{dice.choice(PLACES)}{title}", "found_on": found,
            "kind": _label("hazards", "kind", kind),
            "grade": _label("hazards", "grade", "major" if dice.random() < 0.06 else "general"),
            "due_on": due, "fixed_on": fixed,
            "accepted_on": fixed + timedelta(days=dice.randrange(4)) if fixed else None,
            "accepted_by": (_name(code) if own else _name(company)) if fixed else None,
            "cost": dice.randrange(2, 60) * 100 if fixed else None,
        }  # fmt: skip
        if (code, period.name, number) == ("HC-C1-P1", "2025-Q1", 2):
            row["kind"] = "噪声"
        yield row
        if (code, period.name, number) == ("HC-C1-P1", "2025-Q4", 1):
            yield row | {"hazard_no": f"{code}-YH{period.name[2:]}-{count:02}"}


def _drills(code: str, period: Period, dice: random.Random) -> Rows:
    if dice.random() < 0.2:
        return
    expected = dice.randrange(20, 90)
    attended = expected - dice.randrange(0, 9)
    yield {
        "unit": _name(code), "title": f"{dice.choice(DRILLS)}演练",
        "drilled_on": _day(period, dice),
        "kind": _label("drills", "kind", dice.choice(["tabletop", "field", "field", "evacuation"])),
        "expected": expected, "attended": attended, "minutes": dice.randrange(20, 100),
        "reviewed": dice.random() < 0.8,
    }  # fmt: skip


def _trainings(code: str, period: Period, dice: random.Random) -> Rows:
    kinds = dice.sample(list(TRAININGS), dice.randrange(1, 4))
    for kind in kinds:
        expected = dice.randrange(8, 70)
        attended = expected - dice.choice([0, 0, 1, 2, 4])
        if (code, period.name, kind) == ("HC-C3-P2", "2025-Q2", kinds[0]):
            attended = expected + 12
        yield {
            "unit": _name(code), "title": f"{period.name[-1]}季度{TRAININGS[kind]}",
            "trained_on": _day(period, dice), "kind": _label("trainings", "kind", kind),
            "expected": expected, "attended": attended,
            "passed": attended - dice.choice([0, 0, 1, 3]), "hours": dice.choice([2, 4, 8, 24]),
        }  # fmt: skip


def _certificates(code: str, period: Period, dice: random.Random) -> Rows:
    table = PACK.tables["certificates"]
    for category in dice.sample(list(table.column("trade").categories), 3):
        posts = dice.randrange(3, 20)
        yield {
            "unit": _name(code), "as_of": period.end - timedelta(days=1),
            "trade": category.label["zh"], "posts": posts,
            "certified": posts - dice.choice([0, 0, 0, 1]), "expiring": dice.randrange(3),
        }  # fmt: skip


def _equipment(code: str, period: Period, dice: random.Random) -> Rows:
    for number in range(1, dice.randrange(3, 8)):
        kind = dice.choice(list(EQUIPMENT))
        until = date(YEAR + 1, dice.randrange(1, 13), dice.randrange(1, 28))
        yield {
            "equipment_no": f"{code}-SB{number:02}", "unit": _name(code),
            "name": f"{dice.choice(PLACES)}{EQUIPMENT[kind]}",
            "kind": _label("equipment", "kind", kind),
            "in_use_from": date(dice.randrange(2014, 2024), dice.randrange(1, 13), 15),
            "inspected_until": until.replace(year=YEAR) if dice.random() < 0.08 else until,
        }  # fmt: skip


def _incidents(code: str, period: Period, dice: random.Random) -> Rows:
    text = INCIDENTS.get((code, period.name))
    if text is None:
        return
    happened = _day(period, dice)
    hurt = "伤" in text and "未造成" not in text
    yield {
        "incident_no": f"{code}-SJ{period.name[2:]}-01", "unit": _name(code), "title": text,
        "happened_on": happened,
        "grade": _label("incidents", "grade", "minor" if hurt else "near_miss"),
        "injured": int(hurt), "days_lost": dice.randrange(3, 15) if hurt else 0,
        "reported_on": happened + timedelta(days=dice.choice([0, 1, 1, 5])),
        "closed_on": happened + timedelta(days=dice.randrange(5, 40)),
    }  # fmt: skip


def _promises(code: str, period: Period, dice: random.Random) -> Rows:
    made = [
        ("HC", "隐患按期整改率达到90%", "隐患按期整改率", 90),
        ("HC-C2", "每半年至少演练一次", "演练计划完成率", 100),
        ("HC-C1", "检验过期设备清零", "检验过期仍在用设备", 0),
    ]
    for number, (unit, text, indicator, target) in enumerate(made, start=1):
        yield {
            "promise_no": f"CN2024-{number:02}", "unit": _name(unit), "from_year": YEAR - 1,
            "year": YEAR, "text": text, "due_on": date(YEAR, 12, 31), "indicator": indicator,
            "target": target,
        }  # fmt: skip


ROWS: dict[str, Callable[[str, Period, random.Random], Rows]] = {
    "duties": _duties, "inspections": _inspections, "hazards": _hazards, "drills": _drills,
    "trainings": _trainings, "certificates": _certificates, "equipment": _equipment,
    "incidents": _incidents, "promises": _promises,
}  # fmt: skip

if __name__ == "__main__":
    main()

"""The tree of the example county: its units, their names and the merger of two villages."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shuzhi.units import FOREVER, UnitSpan, UnitTree

OPENED = date(2020, 1, 1)
MERGED_ON = date(2023, 7, 1)
ROOT = "QH"
LEVELS = ("county", "department", "township", "village")

_COUNTIES = ("清河", "临溪", "安和", "丰泽", "永宁", "云阳", "平泉", "长乐", "福源", "新塘")
_TOWNSHIPS = (
    "青石镇", "白杨镇", "柳林镇", "双桥镇", "龙泉镇", "石门乡", "河口镇", "东岭乡", "大湾镇",
    "松坡乡", "金沟镇", "北关镇", "云台乡", "沙溪镇", "玉峰乡", "枫林镇", "古渡镇", "南营镇",
)  # fmt: skip
_DEPARTMENTS = ("教育局", "文化和旅游局", "民政局", "农业农村局")
_SHORT = {"文化和旅游局": "文旅局", "农业农村局": "农业局"}
_VILLAGE_HEADS = "王李张刘陈杨赵周吴徐孙马朱胡郭何高林罗郑梁宋唐许韩冯邓曹彭曾肖田董袁潘"
_VILLAGE_TAILS = ("家庄", "家湾", "家坪", "家沟", "家营", "家桥", "家岭", "家铺", "家圩", "家塘")
_VILLAGES_EACH = (6, 5, 6, 5, 5, 6, 5, 6, 5, 5, 6)


@dataclass(frozen=True)
class County:
    """The units of one example county.

    `merged` is the village that ends on MERGED_ON and `heir` the one that takes it over; `twins`
    are two villages of one township that share an alias, so that the alias alone names neither.
    """

    name: str
    tree: UnitTree
    merged: str
    heir: str
    twins: tuple[str, str]
    twin_alias: str

    @cached_property
    def townships(self) -> tuple[str, ...]:
        return self._of_level("township")

    @cached_property
    def departments(self) -> tuple[str, ...]:
        return self._of_level("department")

    @cached_property
    def senders(self) -> tuple[str, ...]:
        """The units that fill in workbooks: the county office, departments and townships."""
        return (ROOT, *self.departments, *self.townships)

    def villages(self, township: str, day: date) -> tuple[str, ...]:
        return self.tree.children(township, day)

    def span(self, code: str) -> UnitSpan:
        return self.tree.by_code[code][-1]

    def name_of(self, code: str) -> str:
        return self.span(code).name

    def level_of(self, code: str) -> str:
        return self.span(code).level

    def _of_level(self, level: str) -> tuple[str, ...]:
        return tuple(span.code for span in self.tree.spans if span.level == level)


def lay_out_county(rng: random.Random, seed: int) -> County:
    """A county office, 4 departments, 11 townships and about 60 villages."""
    name = _COUNTIES[(seed - 1) % len(_COUNTIES)] + "县"
    spans = [_office(name), *_departments(name)]
    townships = [_TOWNSHIPS[0], *rng.sample(_TOWNSHIPS[1:], len(_VILLAGES_EACH) - 1)]
    village_names = _name_villages(rng)
    for number, (township, size) in enumerate(zip(townships, _VILLAGES_EACH, strict=True), start=1):
        code = f"{ROOT}-T{number:02}"
        spans.append(_township(code, township))
        spans += _villages(code, [next(village_names) for _ in range(size)])
    merged, heir = f"{ROOT}-T03-V05", f"{ROOT}-T03-V02"
    twins = (f"{ROOT}-T06-V03", f"{ROOT}-T06-V04")
    shared = next(span.name for span in spans if span.code == twins[0]).removesuffix("村")
    spans = [_with_history(span, merged, heir, twins, shared) for span in spans]
    return County(name, UnitTree(spans), merged, heir, twins, shared)


def _office(county: str) -> UnitSpan:
    return UnitSpan(
        ROOT,
        f"{county}精神文明建设办公室",
        "county",
        "",
        OPENED,
        aliases=("县文明办", f"{county}文明办"),
    )


def _departments(county: str) -> Iterator[UnitSpan]:
    for number, full in enumerate(_DEPARTMENTS, start=1):
        short = _SHORT.get(full, full)
        yield UnitSpan(
            f"{ROOT}-D{number}",
            county + full,
            "department",
            ROOT,
            OPENED,
            aliases=tuple(dict.fromkeys((f"县{full}", f"县{short}", short))),
        )


def _township(code: str, name: str) -> UnitSpan:
    aliases = (f"{name}人民政府", name[:-1])
    return UnitSpan(code, name, "township", ROOT, OPENED, aliases=aliases)


def _name_villages(rng: random.Random) -> Iterator[str]:
    """Village names, none twice in the county."""
    names = [head + tail + "村" for head in _VILLAGE_HEADS for tail in _VILLAGE_TAILS]
    rng.shuffle(names)
    return iter(names)


def _villages(township: str, names: list[str]) -> Iterator[UnitSpan]:
    for number, name in enumerate(names, start=1):
        aliases = (name.removesuffix("村"), f"{name}委会")
        yield UnitSpan(
            f"{township}-V{number:02}", name, "village", township, OPENED, aliases=aliases
        )


def _with_history(
    span: UnitSpan, merged: str, heir: str, twins: tuple[str, str], shared: str
) -> UnitSpan:
    name, valid_to, successor, aliases = span.name, FOREVER, "", span.aliases
    if span.code == merged:
        valid_to, successor = MERGED_ON, heir
    if span.code in twins:
        name = shared + ("一村" if span.code == twins[0] else "二村")
        aliases = (shared, f"{name}委会")
    return UnitSpan(
        span.code, name, span.level, span.parent, span.valid_from, valid_to, successor, aliases
    )

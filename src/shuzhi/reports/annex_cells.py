"""What every annex is made of: its words, bound cells, tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shuzhi.reports.anchors import Anchors
from shuzhi.reports.bindings import binding_text
from shuzhi.reports.document import Bound, Given, Row, TableBlock
from shuzhi.reports.sources import Sources

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "annex": "附件",
        "gap": "　",
        "figures": "指标数据",
        "others": "正文引用的其他数据",
        "scores": "计分情况",
        "proofs": "数据依据",
        "files": "来源文件",
        "indicator": "指标",
        "value": "本年",
        "target": "目标",
        "last": "上年",
        "records": "记录数",
        "reported": "已报/应报",
        "declared": "申报数",
        "verified": "无疑点数",
        "doubted": "存疑记录",
        "verified_caption": "申报数与无疑点数",
        "unit": "单位",
        "period": "期间",
        "points": "得分",
        "band": "档次",
        "item": "计分项",
        "weight": "分值",
        "lost": "失分说明",
        "moves": "权重变动时的得分",
        "tier": "梯次",
        "appeal": "申诉",
        "because": "{what}（理由：{why}）",
        "answer": "答复",
        "effect": "处理",
        "open": "待答复",
        "refused": "不予采纳",
        "granted": "予以采纳",
        "appeals_caption": "申诉及处理",
        "file": "文件",
        "sum": "校验值（SHA-256）",
        "group": "{group}得分情况",
        "lines": "{unit}计分明细",
        "lost_caption": "{group}失分明细",
        "none": "—",
        "figures_note": "“未报送”指应报而未报，“未要求”指未布置该项报送，“不适用”指无从计算；"
        "三者均不等于零。已报单位少于应报单位的，数据为截至期末的已知数。",
        "proofs_note": "以下逐项列出本报告所用数据的计算方法和原始记录。",
        "scores_note": "单位无数据的计分项不计分，其分值分摊到其他项目；"
        "失分明细未列的项目均为满分或不计分。各项权重上下浮动五分之一、小基数项目逐一剔除后，"
        "先后仍不变的单位分属不同梯次；同一梯次内的先后不作数。",
        "files_note": "校验值可用于核对原始文件是否改动。",
    },
    "en": {
        "annex": "Annex ",
        "gap": "  ",
        "figures": "Figures",
        "others": "Other figures quoted",
        "scores": "Scorecards",
        "proofs": "Proofs",
        "files": "Source files",
        "indicator": "Indicator",
        "value": "This year",
        "target": "Target",
        "last": "Last year",
        "records": "Records",
        "reported": "Reported / asked",
        "declared": "Declared",
        "verified": "Verified",
        "doubted": "Records in doubt",
        "verified_caption": "Declared, and verified: records that no open flag doubts",
        "unit": "Unit",
        "period": "Period",
        "points": "Points",
        "band": "Band",
        "item": "Item",
        "weight": "Out of",
        "lost": "Why points are missing",
        "moves": "As weights move",
        "tier": "Tier",
        "appeal": "Appeal",
        "because": "{what} (because: {why})",
        "answer": "Answer",
        "effect": "Outcome",
        "open": "open",
        "refused": "refused",
        "granted": "granted",
        "appeals_caption": "Appeals",
        "file": "File",
        "sum": "SHA-256",
        "group": "Points: {group}",
        "lines": "Scorecard: {unit}",
        "lost_caption": "Points missing: {group}",
        "none": "—",
        "figures_note": "“Not reported” means asked and silent, “not asked” that nobody asked, "
        "“not applicable” that there was nothing to compute; none of them is a zero. Where fewer "
        "units reported than were asked, the figure is what is known.",
        "proofs_note": "How each figure in this report is computed, and the records behind it.",
        "scores_note": "An item the unit has no figure for is not scored; its weight is spread "
        "over the others. An item not listed below has full points or is not scored. "
        "Units stand in different tiers where their order holds as every weight moves by up to a "
        "fifth and lines on few records are left out; within a tier the order means nothing.",
        "files_note": "The sums show whether a source file was changed.",
    },
}


@dataclass(frozen=True)
class Annexes:
    """What the annexes are written from: the sources, the unit, and what the text has used."""

    sources: Sources
    unit: str
    anchors: Anchors

    @property
    def words(self) -> Mapping[str, str]:
        return _WORDS[self.sources.lang]


def quote(annexes: Annexes, binding: str, link: str = "") -> Bound:
    """A further number in the annex, which is not where the text's links lead."""
    anchor = f"A{annexes.anchors.place_name(binding)}"
    annexes.anchors.register(anchor, binding)
    return Bound(binding_text(annexes.sources, binding), binding, anchor, link)


def table(
    annexes: Annexes,
    caption: str,
    head: Sequence[str],
    body: Sequence[Row],
    widths: tuple[float, ...],
) -> TableBlock:
    """A table whose columns are headed by the words of `head`."""
    header: Row = tuple((Given(annexes.words[key]),) for key in head)
    return TableBlock((Given(caption),), (header,), tuple(body), widths)


def unit_label(annexes: Annexes, unit: str) -> str:
    """The unit's name on the period's last day."""
    return annexes.sources.ledgers.units.name(unit, annexes.sources.day)

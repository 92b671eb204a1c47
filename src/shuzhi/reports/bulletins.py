"""Bulletins (通报): documents of their own, printed from a report's figures by its machinery.

A bulletin is the pack with another template: whatever prints, binds and verifies a report does the
same for it.
"""

from dataclasses import replace
from typing import Any

from shuzhi.errors import UserError
from shuzhi.packs.model import Pack, Text
from shuzhi.packs.suggestions import suggest
from shuzhi.reports.read_rules import read_rules

_DRAFT = {"zh": "（征求意见稿）", "en": " (draft for objections)"}
# Of the report; its gaps, promises, drafts and charts are its own.
_KEPT = ("sections", "lists", "bulletins")


def as_bulletin(pack: Pack, name: str, *, draft: bool = False) -> Pack:
    """The pack whose report is the bulletin `name`, or its draft.

    Raises: UserError where the pack has no such bulletin.
    """
    bulletins = read_rules(pack).bulletins
    if name not in bulletins:
        remedy = suggest(name, bulletins) if bulletins else "define it in report/report.toml"
        raise UserError(f"the pack {pack.name} has no bulletin {name!r}; {remedy}")
    chosen: dict[str, Any] = pack.report["bulletins"][name]
    own = {
        "title": _title(chosen["title"], draft=draft),
        "templates": chosen["templates"],
        "proof_rows": chosen.get("proof_rows", 0),
        "printed_only": True,
        "bulletin": name,
        "is_draft": draft,
    }
    report = {
        "report": pack.report["report"] | own,
        **{key: pack.report[key] for key in _KEPT if key in pack.report},
        **({"rows": chosen["rows"]} if "rows" in chosen else {}),
    }
    return replace(pack, report=report)


def document_pack(pack: Pack, title: str, lang: str) -> Pack:
    """The pack as the document of that title was printed from it: a bulletin, or the report."""
    for name, bulletin in read_rules(pack).bulletins.items():
        for draft in (True, False):
            if title.endswith(_title(bulletin.title, draft=draft)[lang]):
                return as_bulletin(pack, name, draft=draft)
    return pack


def _title(title: Text, *, draft: bool) -> dict[str, str]:
    return {lang: text + (_DRAFT[lang] if draft else "") for lang, text in title.items()}

"""The reference page of the rules, made from the rules themselves."""

from dataclasses import fields
from typing import Any

from shuzhi.checks.rule import Check
from shuzhi.checks.run import CHECKS

_HEAD = """# Checks

A check asks; it never judges. Each flag (疑点) names its rule, its records and an innocent
explanation, and keeps its id when the same source is read again. Which rules run, and with which
thresholds, stands in the pack's `checks.toml`: a section switches its rule on, and every key of
the section must be given. A defect is asked about once: some rules leave aside what another rule
already asks.

What became of a flag is written in `outcomes.csv` (or `疑点处理.csv`) at the top of the source:
`flag_id,outcome,reason,by` (疑点编号, 处理结果, 理由, 经办人). The outcome is `explained`
(已说明), `corrected` (已更正) or `withdrawn` (已撤回), or `open` (待核实) again; all but the last
need a reason.

<!-- This page is generated: run `make docs`. -->
"""


def checks_reference() -> str:
    """docs/reference/checks.md."""
    return "\n".join([_HEAD, *(_section(check) for check in CHECKS)])


def _section(check: Check[Any]) -> str:
    lines = [
        f"## {check.name}\n",
        f"**{check.title['zh']}** · {check.title['en']}\n",
        f"> {check.question['en']}\n>\n> {check.question['zh']}\n",
        f"Innocent explanation: {check.explanation['en']} {check.explanation['zh']}\n",
    ]
    keys = fields(check.settings)
    if keys:
        lines.append("| key | meaning |\n|---|---|")
        lines += [f"| `{key.name}` | {key.metadata['meaning']} |" for key in keys]
        lines.append("")
    if check.yields_to:
        rules = ", ".join(f"`{name}`" for name in check.yields_to)
        lines.append(f"Leaves aside what these ask about: {rules}.\n")
    return "\n".join(lines)

"""report.toml: what does not fit the pack is refused, all of it at once."""

from dataclasses import replace

import pytest

from shuzhi.errors import PackRefused
from shuzhi.reports.read_rules import read_rules

BOTH = {"zh": "甲", "en": "A"}
GAP = {"name": "few", "indicator": "meetings_held", "title": BOTH, "text": BOTH}
DRAFT = {"indicator": "meetings_held", "text": BOTH}
WRONG = {
    "an unknown part": ({"gap": []}, "gap: this key is not known"),
    "an unknown key": ({"gaps": [{**GAP, "wen": "missed"}]}, "gaps[few].wen"),
    "an unknown indicator": ({"gaps": [{**GAP, "indicator": "meeting_held"}]}, "meetings_held"),
    "an unknown occasion": ({"gaps": [{**GAP, "when": "mised"}]}, "missed"),
    "an unknown field": ({"gaps": [{**GAP, "text": {**BOTH, "en": "{valu}"}}]}, "text.en: {valu}"),
    "one language": ({"gaps": [{**GAP, "title": {"zh": "甲"}}]}, "title.en: this key is missing"),
    "nothing to exceed": ({"gaps": [{**GAP, "when": "exceeds"}]}, "other: this key is missing"),
    "a list of no column": (
        {"lists": {"venues": {"indicator": "venues_opened", "column": "nam"}}},
        "lists.venues.column",
    ),
    "a list of nothing": (
        {"lists": {"heads": {"indicator": "heads_per_meeting", "column": "name"}}},
        "has no records of its own",
    ),
    "no day": ({"drafts": [{**DRAFT, "due": "06-31st"}]}, "drafts[1].due"),
    "no number": ({"drafts": [{**DRAFT, "most": "few"}]}, "drafts[1].most"),
    "a chart of nothing": ({"charts": [{"indicator": "venues"}]}, "charts[1].indicator"),
    "a chart by persons": (
        {"charts": [{"indicator": "heads", "by": "persons"}]},
        "charts[1].by: 'persons' is not known",
    ),
    "no list": ({"charts": {"indicator": "heads"}}, "charts: it is no list"),
    "promises in no table": ({"promises": {"table": "vows"}}, "promises.table"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_refused(name, report_pack):
    """With file, key and remedy."""
    wrong, said = WRONG[name]
    pack = replace(report_pack, report={**report_pack.report, **wrong})
    with pytest.raises(PackRefused) as refused:
        read_rules(pack)
    assert any(said in complaint for complaint in refused.value.complaints)
    assert all(c.startswith("report/report.toml: ") for c in refused.value.complaints)


def test_all_is_said_at_once(report_pack):
    """Two mistakes are two complaints."""
    wrong = {"charts": [{"indicator": "venues"}], "drafts": [{**DRAFT, "due": "soon"}]}
    with pytest.raises(PackRefused) as refused:
        read_rules(replace(report_pack, report={**report_pack.report, **wrong}))
    assert len(refused.value.complaints) == 2

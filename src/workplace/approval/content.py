"""What a signature covers, as one number: the same return gives the same, whoever counts."""

import hashlib
import json
from typing import Any

from workplace.evidence.models import Evidence
from workplace.records.models import Record, RecordState
from workplace.rounds.models import Return

_READ_AT_ONCE = 2_000


def content_hash(answer: Return) -> str:
    """The SHA-256 over what a return says: the answer, then its records in the order of their
    keys, each with its unit, values and the SHA-256 of its evidence, as canonical JSON a line.
    """
    digest = hashlib.sha256()
    for line in _lines(answer):
        digest.update(_canonical(line))
        digest.update(b"\n")
    return digest.hexdigest()


def _lines(answer: Return) -> Any:
    yield {
        "round": answer.round_id, "pack": [answer.round.pack, answer.round.pack_version],
        "table": answer.table, "unit": answer.unit_id, "period": answer.period,
        "answer": answer.answer, "reason": answer.reason,
    }  # fmt: skip
    living = Record.objects.filter(answer=answer).exclude(state=RecordState.WITHDRAWN)
    evidence: dict[int, list[str]] = {}
    attached = Evidence.objects.present().filter(record__in=living).order_by("file_id")
    for record, sha256 in attached.values_list("record_id", "file_id"):
        evidence.setdefault(record, []).append(sha256)
    fields = ("pk", "key", "unit_id", "precision", "data")
    for pk, key, unit, precision, data in (
        living.order_by("key").values_list(*fields).iterator(chunk_size=_READ_AT_ONCE)
    ):
        yield [key, unit, precision, data, evidence.get(pk, [])]


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()

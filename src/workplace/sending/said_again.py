"""Problems in the language of whoever looks: they are kept in that of whoever sent the workbook."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from shuzhi.ledgers.messages import WORDS, say_again
from shuzhi.packs.model import Table
from workplace.sending.mending_rows import remedy_of
from workplace.sending.models import Upload, UploadState
from workplace.web.texts import language, text_in


def problem_said(problem: Mapping[str, Any], table: Table | None = None) -> dict[str, Any]:
    """A kept problem with message and remedy in the reader's language; as it is where it was kept
    without its facts."""
    facts, code = problem.get("facts"), problem["code"]
    if not facts or code not in WORDS:
        return dict(problem)
    if facts.get("options") and table is not None:
        column = next((c for c in table.columns if c.name == problem["column"]), None)
        labels = [text_in(category.label) for category in column.categories] if column else []
        facts = facts | ({"options": _(", ").join(labels)} if labels else {})
    message, remedy = say_again(code, language(), facts)
    return {**problem, "message": message, "remedy": remedy_of(code, remedy)}


def message_said(upload: Upload) -> str:
    """Why an upload could not be read, in the reader's language where its file says why."""
    if upload.state != UploadState.REFUSED or upload.account or not upload.problems:
        return upload.message
    first = upload.problems[0]
    if f"{first['message']} {first['remedy']}".strip()[:500] != upload.message:
        return upload.message
    said = problem_said(first)
    return f"{said['message']} {said['remedy']}".strip()

"""No page makes more queries than queries.toml says, and lists as many for many rows as for few."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from access import forms_examples, meetings_examples, uploads_examples  # noqa: F401 — they register
from access.examples import example, make_example, plant_canaries
from access.matrix import Entry, read_files
from access.walk import address_of
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from made_figures import have_preview

from workplace.accounts.models import User
from workplace.editions.models import Preview
from workplace.events.models import Event
from workplace.evidence.models import Evidence
from workplace.meetings.models import Action, AgendaItem, Duty, Meeting
from workplace.records.models import Record
from workplace.rounds.models import Extension, Return
from workplace.sending.models import Upload

HERE = Path(__file__).parent
LIMITS = tomllib.loads((HERE / "queries.toml").read_text(encoding="utf-8"))
DEFAULT = LIMITS.pop("default")
# Who sees most comes first; a page is opened by the first two of them who may.
READERS = (
    "county", "clerk1", "administrator", "head1", "office1", "auditor", "inspector", "nobody",
    "anonymous",
)  # fmt: skip
PAGES = {name: entry for name, entry in read_files().items() if "GET" in entry.expected}
Client_of = Callable[[str], Client]


def test_every_page_makes_few_queries(people: Mapping[str, User], client_of: Client_of) -> None:
    """Every address of the access matrix that answers a GET with a page."""
    plant_canaries(people)
    clients = {name: client_of("" if name == "anonymous" else name) for name in READERS}
    over, opened = [], 0
    for name, entry in sorted(PAGES.items()):
        with _undone():
            path = address_of(entry, make_example(entry.example, people))
            for reader in _readers(entry):
                queries = _queries(clients[reader], path, entry)
                opened += 1
                if len(queries) > (limit := LIMITS.get(name, DEFAULT)):
                    over.append(f"{name} as {reader}: {len(queries)} queries, not {limit}")
    assert over == []
    assert opened > len(PAGES)


def test_no_limit_speaks_of_a_page_that_is_gone() -> None:
    assert sorted(set(LIMITS) - set(PAGES)) == []


def _readers(entry: Entry) -> list[str]:
    """Up to two who are answered a page."""
    return [name for name in READERS if entry.expected["GET"][name] == "200"][:2]


def _queries(client: Client, path: str, entry: Entry) -> list[str]:
    """What was asked of the database. The first request fills what a process keeps."""
    with _undone():
        _read(client, path, entry)
    with _undone(), CaptureQueriesContext(connection) as caught:
        _read(client, path, entry)
    return [query["sql"] for query in caught if not _is_savepoint(query["sql"])]


def _read(client: Client, path: str, entry: Entry) -> None:
    answer: Any = client.get(path, entry.query)
    assert answer.status_code == 200, path
    if answer.streaming:
        b"".join(answer.streaming_content)
        answer.close()


def _is_savepoint(sql: str) -> bool:
    return sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO"))


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _another_return(row: Return, number: int) -> None:
    """Asked for by a round of its own; what it holds is not copied."""
    round_ = row.round
    _copy(round_, number)
    _copy(row, number, round=round_)


def _another_duty(row: Duty, number: int) -> None:
    parts = list(row.parts.all())
    _copy(row, number)
    for part in parts:
        _copy(part, number, duty=row)


def _another_account(row: User, number: int) -> None:
    held = list(row.holdings.all())
    _copy(row, number, username=f"{row.username}-{number}")
    for holding in held:
        _copy(holding, number, user=row)


def _another_wish(row: Extension, number: int) -> None:
    answer = row.answer
    _another_return(answer, number)
    _copy(row, number, answer=answer)


def _copy(row: Model, number: int, **values: Any) -> None:
    """The row once more, with a number in what must not be twice."""
    for name in ("key", "number", "sha256"):
        if hasattr(row, name) and name not in values:
            values[name] = f"{getattr(row, name)[:60]}-{number}"
    for name, value in values.items():
        setattr(row, name, value)
    row.pk, row._state.adding = None, True
    row.save()


@example
def page_of_an_upload(people: Mapping[str, User]) -> Mapping[str, Any]:
    upload = Upload.objects.get(**make_example("upload_of_t1", people))
    return {"round_id": upload.round_id, "unit": upload.unit_id}


@example
def a_preview(people: Mapping[str, User]) -> Mapping[str, Any]:
    return {"pk": have_preview(people["county"]).pk}


@example
def meeting_with_an_item(people: Mapping[str, User]) -> Mapping[str, Any]:
    item = AgendaItem.objects.get(**make_example("item_of_t1", people))
    return {"pk": item.meeting_id}


# A list, the example that puts a first row into it, of which model, and how there come more.
LISTS: dict[str, tuple[str, type[Model], Callable[[Any, int], None]]] = {
    "records:list": ("sent_return_of_t1", Record, _copy),
    "sending:form": ("open_record_of_t1", Record, _copy),
    "sending:upload": ("page_of_an_upload", Upload, _copy),
    "approval:return": ("sent_return_of_t1", Record, _copy),
    "approval:to_sign": ("sent_return_of_t1", Return, _another_return),
    "evidence:of_record": ("open_record_of_t1", Evidence, _copy),
    "events:list": ("sent_return_of_t1", Event, _copy),
    "rounds:list": ("round_of_t1", Return, _another_return),
    "rounds:wishes": ("wish_of_t1", Extension, _another_wish),
    "accounts:list": ("", User, _another_account),
    "meetings:list": ("meeting_of_t1", Meeting, _copy),
    "meetings:meeting": ("meeting_with_an_item", AgendaItem, _copy),
    "meetings:actions": ("action_of_t1", Action, _copy),
    "meetings:duties": ("duty_of_t1", Duty, _another_duty),
    "figures:previews": ("a_preview", Preview, _copy),
    "desk:home": ("round_of_t1", Return, _another_return),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_makes_as_many_queries_for_many_rows_as_for_few(
    name: str, people: Mapping[str, User], client_of: Client_of
) -> None:
    """Copies of the last row are added; the page is longer, and asks for nothing more."""
    first, model, add = LISTS[name]
    arguments = make_example(first, people)
    path = address_of(PAGES[name], arguments if PAGES[name].example else {})
    clients = [client_of(reader) for reader in _readers(PAGES[name])]
    few = [(len(_queries(c, path, PAGES[name])), len(c.get(path).content)) for c in clients]
    for number in range(4):
        add(model._default_manager.order_by("pk").last(), number)
    many = [(len(_queries(c, path, PAGES[name])), len(c.get(path).content)) for c in clients]
    assert any(longer > short for (_, short), (_, longer) in zip(few, many, strict=True))
    assert all(more <= less for (less, _), (more, _) in zip(few, many, strict=True)), (few, many)

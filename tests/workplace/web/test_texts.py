"""Every text of the workplace is there in Chinese, with the same facts in it."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import gettext, ngettext, override

from workplace.web.collect_texts import texts_in
from workplace.web.compile_texts import WORKPLACE, compile_texts

CATALOGS = sorted(WORKPLACE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"))
APPS = sorted(folder.parent.name for folder in WORKPLACE.glob("*/apps.py"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def _translated() -> dict[str, str]:
    found = {}
    for file in CATALOGS:
        with file.open("rb") as source:
            for message in read_po(source):
                first = message.id[0] if message.pluralizable else message.id
                texts = message.string if message.pluralizable else (message.string,)
                if first and all(texts):
                    found[first] = texts[0]
    return found


@pytest.mark.parametrize("app", APPS)
def test_every_text_is_there_in_chinese(app: str):
    translated = _translated()
    missing = [
        f"{file.relative_to(WORKPLACE)}: {text}"
        for text, file in texts_in(WORKPLACE / app)
        if text not in translated
    ]
    assert missing == [], "write these into the app's locale/zh_Hans/LC_MESSAGES/django.po"


@pytest.mark.parametrize("file", CATALOGS, ids=lambda file: file.parents[3].name)
def test_a_translation_names_the_same_facts(file: Path):
    with file.open("rb") as source:
        for message in read_po(source):
            ids = message.id if message.pluralizable else (message.id,)
            texts = message.string if message.pluralizable else (message.string,)
            if ids[0]:
                for text in filter(None, texts):
                    assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(ids[-1])), text
                assert not message.fuzzy, f"{ids[0]} is marked as fuzzy: it is not used"


def test_texts_are_found_in_code_and_templates(tmp_path: Path):
    (tmp_path / "views.py").write_text(
        'from x import gettext as _, ngettext\n_("Sent")\nngettext("%(n)d row", "%(n)d rows", 2)\n'
    )
    (tmp_path / "page.html").write_text(
        '{% load i18n %}{% translate "It\'s here" %}{% blocktranslate with n=a %}For {{ n }}'
        '{% endblocktranslate %}{{ b|default:_("none") }}{% translate \'Say "no"\' as c %}'
    )
    assert {text for text, _file in texts_in(tmp_path)} == {
        "Sent", "%(n)d row", "It's here", "For %(n)s", "none", 'Say "no"',
    }  # fmt: skip


def test_compiled_texts_are_what_django_reads(tmp_path: Path):
    source = tmp_path / "app/locale/zh_Hans/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr ""\n\nmsgid "Sent"\nmsgstr "已报送"\n', "utf-8")
    assert compile_texts(tmp_path) == [source.with_suffix(".mo")]
    assert compile_texts(tmp_path) == []
    with override("zh-hans"):
        assert gettext("My desk") == "我的工作台"
        assert ngettext("%(days)d day left", "%(days)d days left", 3) % {"days": 3} == "还有 3 天"


def test_a_text_means_one_thing_in_all_apps():
    """Catalogues share their texts: of two translations one would show on the other app's pages."""
    said: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for file in CATALOGS:
        with file.open("rb") as source:
            for message in read_po(source):
                first = message.id[0] if message.pluralizable else message.id
                texts = said.setdefault((message.context, first), {})
                texts.setdefault(str(message.string), []).append(file.parents[3].name)
    twice = {text[1]: found for text, found in said.items() if text[1] and len(found) > 1}
    assert twice == {}, "choose one, or say in English which is meant"

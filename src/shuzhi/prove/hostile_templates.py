"""Templates that try to get out, to reach out, or to take everything."""

import random
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from shuzhi.prove.bait import Bait

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TARGETS = (
    "''", "f", "names", "self", "f.x", "names|first", "loop", "true", "(1).real", "{}", "[]",
)  # fmt: skip
_WALKS = (
    ".__class__", ".__class__.__mro__[1].__subclasses__()", "|attr('__class__')",
    "['__class__']", ".__init__.__globals__", "|map(attribute='__class__')|list",
    ".format.__globals__", ".__reduce__()", "['__cla' ~ 'ss__']", ".__doc__.__class__",
    ".mro()", ".__getattribute__('__class__')", "|selectattr('__class__')|list",
)  # fmt: skip
_WORDS = (
    "{{ range(10**9) }}", "{{ lipsum(9) }}", "{{ cycler }}", "{{ joiner() }}", "{{ namespace() }}",
    "{{ dict(a=1) }}", "{% include SECRET %}", "{% import SECRET as s %}",
    "{% from SECRET import s %}", "{% extends SECRET %}", "{{ config }}", "{{ request }}",
    "{{ names.append('c') }}", "{{ names.clear() }}", "{{ f.update({'x': 'y'}) }}",
    "{{ open(SECRET).read() }}", "{{ get_flashed_messages.__globals__ }}", "{% debug %}",
    "{% do names.append(1) %}", "{{ url_for('x') }}", "{{ 'a'|safe|xmlattr }}",
    "{{ names|tojson }}", "{{ 'x'|format }}", "{{ '%(a)s'|format(a=self) }}",
    "{{ '{0.__class__}'.format(f) }}", "{{ '{0.__class__}'.format_map(f) }}",
)  # fmt: skip
_GREEDY = (
    "{{ 'a' * N }}", "{{ names * N }}", "{{ 7 ** N }}", "{{ '%Ns'|replace('a', 'b') }}",
    "{{ '%Nd' % 3 }}", "{{ 'ab'.center(N) }}", "{{ 'a'.ljust(N) }}", "{{ '{:>N}'.format('a') }}",
    "{% for a in names * 9999 %}{% for b in names * 9999 %}{{ b }}{% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x ~ x ~ x %}" * 20 + "{{ x }}",
)  # fmt: skip
_WRAPS = (
    "{{ EXPR }}", "{% set a = EXPR %}{{ a }}", "{% for a in EXPR %}{{ a }}{% endfor %}",
    "{% if EXPR %}x{% endif %}{{ EXPR }}", "{{ EXPR|join }}", "{{ (EXPR)|string }}",
)  # fmt: skip
_XML_TEXTS = (
    "</w:t></w:r></w:p><w:altChunk r:id='x'/>", "<![CDATA[", "]]>", "<!ENTITY a SYSTEM 'b'>",
    "&e;", "<w:instrText>DDEAUTO c</w:instrText>", "\x00\x01", "\ud83d", "{{ f.x }}", "{% raw %}",
)  # fmt: skip
_RELATION_KINDS = (
    "attachedTemplate", "oleObject", "image", "aFChunk", "subDocument", "frame", "hyperlink",
    "externalLinkPath", "control", "vbaProject",
)  # fmt: skip
_FIELDS = (
    "DDEAUTO c:\\\\x cmd", "DDE cmd x", "INCLUDETEXT URL", "INCLUDEPICTURE URL", "LINK x URL",
    "IMPORT URL", "RD URL", "DATABASE \\d URL",
)  # fmt: skip
_PARTS = ("word/vbaProject.bin", "word/embeddings/a.bin", "word/activeX/a.xml", "word/afchunk.htm")


def hostile_templates(
    rng: random.Random, n: int, bait: Bait
) -> Iterator[tuple[str, dict[str, bytes], str]]:
    """`n` of them: kind, parts, and the text that its data holds; a third are about relations."""
    makers = (_walk, _word, _greedy, _data, _relation, _active, _relation, _word, _walk, _relation)
    for number in range(n):
        yield makers[number % len(makers)](rng, bait)


def _walk(rng: random.Random, _: Bait) -> tuple[str, dict[str, bytes], str]:
    expression = rng.choice(_TARGETS) + rng.choice(_WALKS)
    return "attribute walk", docx_parts(rng.choice(_WRAPS).replace("EXPR", expression)), ""


def _word(rng: random.Random, bait: Bait) -> tuple[str, dict[str, bytes], str]:
    word = rng.choice(_WORDS).replace("SECRET", f"'{bait.secret}'")
    return "word of Jinja or Python", docx_parts(word), ""


def _greedy(rng: random.Random, _: Bait) -> tuple[str, dict[str, bytes], str]:
    wanted = str(rng.choice((5 * 10**9, 10**12, 10**18)))
    return "takes everything", docx_parts(rng.choice(_GREEDY).replace("N", wanted)), ""


def _data(rng: random.Random, _: Bait) -> tuple[str, dict[str, bytes], str]:
    return "text that is XML", docx_parts("{{ f.x }}"), rng.choice(_XML_TEXTS)


def _relation(rng: random.Random, bait: Bait) -> tuple[str, dict[str, bytes], str]:
    kind = rng.choice(_RELATION_KINDS)
    target = rng.choice((bait.url, bait.secret.as_uri(), "\\\\127.0.0.1\\x", "ftp://127.0.0.1/x"))
    part = rng.choice(("document", "settings", "header1", "footnotes"))
    one = (
        f'<Relationship Id="r9" Type="{_RELATIONS}/{kind}" Target={quoteattr(target)} '
        'TargetMode="External"/>'
    )
    relations = f'<Relationships xmlns="{_PACKAGE}">{one}</Relationships>'
    return f"relation {kind}", docx_parts("x", {f"word/_rels/{part}.xml.rels": relations}), ""


def _active(rng: random.Random, bait: Bait) -> tuple[str, dict[str, bytes], str]:
    if rng.random() < 0.3:
        part = rng.choice(_PARTS)
        return f"part {part}", docx_parts("x", {part: "<a/>"}), ""
    if rng.random() < 0.2:
        chunk = f'<w:altChunk xmlns:w="{W}"/>'
        return "chunk", docx_parts("x", {"word/header1.xml": chunk}), ""
    field = rng.choice(_FIELDS).replace("URL", f'"{bait.url}"')
    cut = rng.randrange(1, len(field))
    runs = "".join(f"<w:instrText>{escape(p)}</w:instrText>" for p in (field[:cut], field[cut:]))
    header = f'<w:hdr xmlns:w="{W}"><w:p><w:r>{runs}</w:r></w:p></w:hdr>'
    return "field", docx_parts("x", {"word/header1.xml": header}), ""


def docx_parts(text: str, more: dict[str, str] | None = None) -> dict[str, bytes]:
    """The parts of a document with one paragraph, and `more`."""
    paragraph = f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"/>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{paragraph}</w:body></w:document>',
        **(more or {}),
    }
    return {name: xml.encode() for name, xml in parts.items()}

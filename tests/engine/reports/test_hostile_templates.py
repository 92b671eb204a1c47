"""A template is code: it runs where it can reach nothing, and not for long."""

import subprocess
import sys
import zipfile

import pytest
from docx import Document as WordDocument

from shuzhi.errors import InputRefused, PackRefused
from shuzhi.reports.package import open_package, refuse_active_parts
from shuzhi.reports.render import Template, TemplateRenderer

CONTEXT = {"f": {"x": "1"}, "names": ["a", "b"]}


@pytest.fixture(scope="module")
def renderer():
    with TemplateRenderer(wall_seconds=6) as running:
        yield running


def template(path, text):
    document = WordDocument()
    document.add_paragraph(text)
    document.save(str(path))
    return Template(path)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ f.__init__.__globals__ }}",
        "{{ self.__init__.__globals__.__builtins__.open('/etc/passwd').read() }}",
        "{{ range(9) }}",
        "{{ lipsum }}",
        "{{ cycler.__init__ }}",
        "{{ namespace() }}",
        "{{ names.append('c') }}",
        "{{ f.update({'x': 'y'}) }}",
        "{{ f.clear() }}",
        "{{ ''|attr('__class__') }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{{ '%s'.format.__func__ }}",
        "{{ missing }}",
        "{{ f.missing }}",
    ],
)
def test_a_template_can_only_print_and_choose(renderer, tmp_path, text):
    """No globals, no attributes of Python, no changes, no files, no undefined names."""
    with pytest.raises(PackRefused, match=r"report/t\.docx"):
        renderer.fill(template(tmp_path / "t.docx", text), CONTEXT)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 4000000000 }}",
        "{% for a in names * 9999 %}{% for b in names * 9999 %}{{ b }}{% endfor %}{% endfor %}",
        "{{ 7 ** (9 ** 9) }}",
    ],
)
def test_a_template_that_takes_too_much_is_ended(renderer, tmp_path, text):
    """Memory and time are limited, and the next document is written all the same."""
    with pytest.raises(PackRefused, match="more"):
        renderer.fill(template(tmp_path / "t.docx", text), CONTEXT)

    parts = renderer.fill(template(tmp_path / "ok.docx", "{{ f.x }}次"), CONTEXT)

    assert "1次" in parts["word/document.xml"]


def test_the_child_can_open_neither_file_nor_socket():
    """What holds beyond the sandbox: no new descriptor of any kind."""
    code = (
        "import errno, socket, sys\n"
        "from shuzhi.confined import confine\n"
        "confine()\n"
        "for act in (lambda: open('/etc/hostname'), socket.socket):\n"
        "    try:\n"
        "        act()\n"
        "    except OSError as error:\n"
        "        sys.stdout.write(errno.errorcode[error.errno] + ' ')\n"
    )

    # S603: the interpreter that runs this test, and the words above
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["EMFILE", "EMFILE"]


def test_full_width_braces_and_split_runs_are_read(renderer, tmp_path):
    """What a Chinese keyboard and Word's spelling checker make of a field."""
    document = WordDocument()
    document.add_paragraph("｛｛ f.x ｝｝次")
    split = document.add_paragraph()
    for piece in ("{", "{ f", ".x }", "} 场"):
        split.add_run(piece)
    document.save(str(tmp_path / "t.docx"))

    xml = renderer.fill(Template(tmp_path / "t.docx"), CONTEXT)["word/document.xml"]

    assert "1次" in xml
    assert "1 场" in xml or "1</w:t>" in xml


def test_text_after_an_angle_bracket_is_kept(renderer, tmp_path):
    """Autoescape is on: data cannot break the document."""
    xml = renderer.fill(template(tmp_path / "t.docx", "{{ f.x }}"), {"f": {"x": "a<b & c"}})

    assert "a&lt;b &amp; c" in xml["word/document.xml"]


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("word/vbaProject.bin", b"x"),
        ("word/embeddings/a.docx", b"x"),
        (
            "word/_rels/document.xml.rels",
            b'<Relationships xmlns="r"><Relationship Id="1" Type="t/image" '
            b'Target="http://example.org/a.png" TargetMode="External"/></Relationships>',
        ),
        (
            "word/_rels/document.xml.rels",
            b'<Relationships xmlns="r"><Relationship Id="1" Type="t/aFChunk" '
            b'Target="a.html"/></Relationships>',
        ),
        (
            "word/_rels/settings.xml.rels",
            b'<Relationships xmlns="r"><Relationship Id="1" Type="t/attachedTemplate" '
            b'Target="file:///a.dotm"/></Relationships>',
        ),
        (
            "word/document.xml",
            b'<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
            b'2006/main"><w:instrText>D</w:instrText><w:instrText>DEAUTO cmd</w:instrText></w:p>',
        ),
        ("word/document.xml", b'<w:body xmlns:w="w"><w:altChunk/></w:body>'),
        ("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        (
            "[Content_Types].xml",
            b'<Types xmlns="t"><Override PartName="/word/document.xml" '
            b'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>',
        ),
    ],
)
def test_templates_that_act_are_refused(part, data):
    """Macros, chunks, outside relations, DDE: named, and not opened further."""
    with pytest.raises(PackRefused, match="take it out"):
        refuse_active_parts("t.docx", {part: data})


def test_a_bomb_is_not_unpacked(tmp_path):
    """A small file that unpacks to a great one is refused by its directory."""
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 20_000_000)

    with pytest.raises(InputRefused, match="beyond the limits"):
        open_package(bomb)

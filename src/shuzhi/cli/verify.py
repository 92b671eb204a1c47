"""shuzhi verify: does a finished document still say what its records say?"""

from pathlib import Path

import click

from shuzhi.cli import options

_SENTENCES = {
    "zh": {
        "altered": "{binding}：文中为“{shown}”，按记录应为“{expected}”。所在语句：{context}",
        "rebound": "{binding}：绑定被改为 {expected}。所在语句：{context}",
        "removed": "{binding}：原有的“{expected}”已不在文中。原在语句：{context}",
        "unknown": "{binding}：封存版中没有这一项，文中为“{shown}”。所在语句：{context}",
        "unbound": "“{shown}”：文中出现未绑定依据的数字。所在语句：{context}",
        "rewritten": "文中为“{shown}”，生成时为“{expected}”。所在之处：{context}",
        "dropped": "生成时的“{expected}”已不在文中。原在之处：{context}",
    },
    "en": {
        "altered": (
            '{binding}: the document says "{shown}", its records say "{expected}". In: {context}'
        ),
        "rebound": "{binding}: has been bound to {expected} instead. In: {context}",
        "removed": '{binding}: its "{expected}" has been taken out of: {context}',
        "unknown": ('{binding}: not in the edition; the document says "{shown}". In: {context}'),
        "unbound": '"{shown}": a number that is bound to nothing. In: {context}',
        "rewritten": 'the document says "{shown}", it was made with "{expected}". In: {context}',
        "dropped": '"{expected}" has been taken out of: {context}',
    },
}


@click.command()
@click.argument("document", type=options.FILE)
@click.argument("edition", type=options.FOLDER)
@click.option(
    "--signed-by",
    type=options.FILE,
    metavar="PUBLIC_KEY",
    help="Refuse an edition that the holder of this key did not sign.",
)
@options.lang
def verify(document: Path, edition: Path, signed_by: Path | None, lang: str) -> int:
    """Re-count every number of DOCUMENT (.docx or .html) against EDITION.

    Says nothing and ends with 0 where all hold; names each that does not and ends with 1.
    """
    from shuzhi import pipeline

    differences = pipeline.verify(document, edition, signed_by=signed_by)
    for found in differences:
        click.echo(_SENTENCES[lang][found.change].format(**vars(found)))
    return 1 if differences else 0

"""Does anything hostile get through? Workbooks, packs and templates, generated and tried."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from shuzhi.errors import UserError
from shuzhi.figures.compute import compute_figures
from shuzhi.ledgers.limits import FileRefused
from shuzhi.ledgers.messages import make_problem
from shuzhi.ledgers.workbooks import read_workbook
from shuzhi.packs.load import load_pack
from shuzhi.periods import parse_period
from shuzhi.prove.bait import CANARY, Bait, laid_bait
from shuzhi.prove.hostile_packs import honest_pack, hostile_packs
from shuzhi.prove.hostile_templates import docx_parts, hostile_templates
from shuzhi.prove.hostile_workbooks import honest_workbook, hostile_workbooks
from shuzhi.prove.legal_predicates import count_disagreements
from shuzhi.prove.trial import HARMLESS, REFUSED, Trial, try_attack
from shuzhi.prove.tried_pack import tried_ledgers
from shuzhi.reports.package import safe_parser, write_package
from shuzhi.reports.render import Template, TemplateRenderer

Progress = Callable[[str, int, int], None]
Attack = tuple[str, Callable[[], str]]  # its kind, and what returns '' where it was harmless


@dataclass
class Tried:
    """One sort of attack: how many were `tried`, `refused`, `harmless`; by kind; what `failed`:
    got through, or was honest and refused (one honest thing is tried first, and not counted).

    `seconds` and `peak` (bytes) are those of the worst child.
    """

    tried: int = 0
    refused: int = 0
    harmless: int = 0
    seconds: float = 0.0
    peak: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, kind: str, trial: Trial) -> None:
        self.tried += 1
        self.refused += trial.verdict == REFUSED
        self.harmless += trial.verdict == HARMLESS
        self.seconds, self.peak = max(self.seconds, trial.seconds), max(self.peak, trial.peak)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if trial.complaint:
            self.failed.append(f"{kind} {self.tried}: {trial.complaint}")


@dataclass(frozen=True)
class HostileProof:
    """What was tried and what came of it. `agreeing` of `predicates` legal predicates were counted
    alike by both engines; `connections` and `written` are what the bait caught."""

    workbooks: Tried
    packs: Tried
    templates: Tried
    predicates: int
    disagreements: tuple[str, ...]
    connections: int
    written: bool

    @property
    def holds(self) -> bool:
        failed = self.workbooks.failed or self.packs.failed or self.templates.failed
        return not (failed or self.disagreements or self.connections or self.written)


def prove_hostile(*, n: int, seed: int, progress: Progress) -> HostileProof:
    """Try `n` workbooks, a quarter as many packs, 3 in 40 as many templates, and five times as
    many legal predicates on two engines; all drawn by `seed`."""
    rng = random.Random(seed)  # noqa: S311 repeatable on purpose
    with TemporaryDirectory() as name, laid_bait(Path(name)) as bait:
        folder = Path(name)
        templates = max(1, n * 3 // 40)
        found = [
            _try(stage, count, attacks, progress)
            for stage, count, attacks in (
                ("workbooks", n, _workbooks(rng, n, bait, folder)),
                ("packs", max(1, n // 4), _packs(rng, max(1, n // 4), bait, folder)),
                ("templates", templates, _templates(rng, templates, bait, folder)),
            )
        ]
        predicates, wrong = count_disagreements(
            folder / "legal", 5 * n, seed, lambda done, total: progress("predicates", done, total)
        )
        workbooks, packs, tried_templates = found
        return HostileProof(
            workbooks, packs, tried_templates, predicates, wrong,
            len(bait.connections), bait.target.exists(),
        )  # fmt: skip


def _try(stage: str, total: int, attacks: Iterator[Attack], progress: Progress) -> Tried:
    tried = Tried()
    honest = try_attack(next(attacks)[1])
    if honest.verdict != HARMLESS:  # then nothing that was refused would prove anything
        tried.failed.append(f"an honest one was {honest.verdict}: {honest.said}")
    for kind, attack in attacks:
        tried.add(kind, try_attack(attack))
        progress(stage, tried.tried, total)
    return tried


def _workbooks(rng: random.Random, n: int, bait: Bait, folder: Path) -> Iterator[Attack]:
    honest = [("honest", "honest.xlsx", honest_workbook(rng))]
    for kind, name, content in chain(honest, hostile_workbooks(rng, n, bait)):
        path = folder / name
        path.write_bytes(content)
        yield kind, lambda path=path: _read(path)  # type: ignore[misc]
        path.unlink()


def _read(path: Path) -> str:
    try:
        sheets = read_workbook(path)
    except FileRefused as refused:
        problem = make_problem(refused.code, "en", path.name, facts=refused.facts)
        raise UserError(problem.message) from None
    cells = (cell for sheet in sheets for row in sheet.rows for cell in row)
    return next((f"the secret: {c!r}" for c in cells if isinstance(c, str) and CANARY in c), "")


def _packs(rng: random.Random, n: int, bait: Bait, folder: Path) -> Iterator[Attack]:
    honest = [("honest", honest_pack)]
    for number, (kind, write) in enumerate(chain(honest, hostile_packs(rng, n, bait))):
        path = folder / f"pack{number}"
        write(rng, bait, path)
        yield kind, lambda path=path: _count(path)  # type: ignore[misc]
        shutil.rmtree(path)


def _count(path: Path) -> str:
    pack = load_pack(path)
    ledgers = tried_ledgers(pack, random.Random(1), 40)  # noqa: S311 repeatable on purpose
    compute_figures(ledgers, pack, periods=[parse_period("2023")])
    return ""


def _templates(rng: random.Random, n: int, bait: Bait, folder: Path) -> Iterator[Attack]:
    honest = [("honest", docx_parts("{{ f.x }}"), "a<b")]
    made = chain(honest, hostile_templates(rng, n, bait))
    for number, (kind, parts, text) in enumerate(made):
        path = folder / f"t{number}.docx"
        write_package(parts, path)
        yield kind, lambda path=path, text=text: _fill(path, text)  # type: ignore[misc]
        path.unlink()


def _fill(path: Path, text: str) -> str:
    with TemplateRenderer() as renderer:
        filled = renderer.fill(Template(path), {"f": {"x": text}, "names": ["a", "b"]})
    for name, xml in filled.items():
        if CANARY in xml or "<class" in xml or "&lt;class" in xml:
            return f"{name}: {xml[:200]}"
        if _is_broken(xml):
            return f"{name} is no XML: {xml[-200:]!r}"
    return ""


def _is_broken(xml: str) -> bool:
    try:
        root = etree.fromstring(xml.encode("utf-8", "surrogatepass"), safe_parser())
    except etree.XMLSyntaxError:
        return True
    return any(etree.QName(e).localname in ("altChunk", "instrText") for e in root.iter("{*}*"))

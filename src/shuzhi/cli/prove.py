"""shuzhi prove: what happens at the worst moment, counted and written down."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from shuzhi.cli import options
from shuzhi.cli.screen import stage_bars


@click.group()
def prove() -> None:
    """Try the worst, count what came of it, and write the counts down."""


@prove.command()
@click.argument("edition", type=options.FOLDER)
@click.option("--n", default=0, help="How many faults, drawn by --seed; 0 for every one there is.")
@click.option("--seed", default=1, show_default=True, help="Another seed draws other faults.")
@click.option("--out", type=options.NEW, help="Write the counts to this file, as JSON.")
def sealing(edition: Path, n: int, seed: int, out: Path | None) -> int:
    """Seal EDITION's content again and again, with kill, ENOSPC or EIO at one system call each.

    Afterwards the new edition must be absent or whole, and the next sealing must succeed. Then two
    seal at once: one edition, one clear error. Ends with 1 where anything else was found. Needs
    strace.
    """
    from shuzhi.prove.sealing import prove_sealing

    with stage_bars("en") as bars:
        proof = prove_sealing(
            edition, n=n, seed=seed, progress=lambda done, total: bars("seal", done, total)
        )
    held = proof.tried - len(proof.failed)
    click.echo(f"{proof.calls} system calls a sealing, {proof.possible} faults possible")
    click.echo(
        f"{held} of {proof.tried} faults left it absent ({proof.absent}) or whole ({proof.whole})"
    )
    click.echo(f"{proof.rivals_clear} of {proof.rivals} times two at once gave one edition")
    for case in proof.failed:
        click.echo(case)
    if out:
        out.write_text(json.dumps(asdict(proof) | {"seed": seed}, indent=1) + "\n", "utf-8")
    return 0 if proof.holds else 1


@prove.command()
@click.argument("edition", type=options.FOLDER)
@click.option(
    "--rows", default=0, help="Also so many rows: EDITION's county many times, under a province."
)
@click.option("--memory", default="2g", show_default=True, help="Of each worker and the driver.")
@click.option("--out", type=options.NEW, help="Write the counts and times to this file, as JSON.")
def spark(edition: Path, rows: int, memory: str, out: Path | None) -> int:
    """Measure EDITION on a Spark cluster, and compare each cell with DuckDB.

    Starts a standalone cluster on this machine, a master and two workers of one core, and ends it
    afterwards. Ends with 1 where any cell differs. Needs pyspark and Java.
    """
    from shuzhi.prove.spark import prove_spark

    with stage_bars("en") as bars:
        found = list(
            prove_spark(
                edition, rows=rows, memory=memory,
                progress=lambda done, total: bars("figures", done, total),
            )
        )  # fmt: skip
    for one in found:
        click.echo(
            f"{one.source}: {one.rows:,} rows, {one.units:,} units, {one.measures} measures; "
            f"{one.cells - one.differing:,} of {one.cells:,} cells equal; "
            f"DuckDB {one.duckdb:.1f} s, Spark {one.spark:.1f} s"
        )
    if out:
        out.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", "utf-8")
    return 1 if any(one.differing for one in found) else 0


@prove.command()
@click.option("--n", default=2000, show_default=True, help="How many workbooks; the rest follows.")
@click.option("--seed", default=1, show_default=True, help="Another seed draws other attacks.")
@click.option("--out", type=options.NEW, help="Write the counts to this file, as JSON.")
def hostile(n: int, seed: int, out: Path | None) -> int:
    """Try hostile workbooks, packs and templates; all must be refused or come to nothing.

    N workbooks, N/4 packs, 3N/40 templates, each in a child of its own that must stay under 1 GB
    and 15 s. None may write the file or call the listener laid out as bait. Then 5N predicates that
    are allowed are counted by DuckDB and by the reference. Ends with 1 where anything got through.
    """
    from shuzhi.prove.hostile import prove_hostile

    with stage_bars("en") as bars:
        proof = prove_hostile(n=n, seed=seed, progress=bars)
    for stage in ("workbooks", "packs", "templates"):
        tried = getattr(proof, stage)
        click.echo(
            f"{tried.refused + tried.harmless} of {tried.tried} {stage} refused ({tried.refused}) "
            f"or harmless ({tried.harmless}); at most {tried.seconds:.1f} s and "
            f"{tried.peak / 1e6:,.0f} MB"
        )
        for case in tried.failed:
            click.echo(case)
    click.echo(f"{proof.connections} connections; bait {'' if proof.written else 'not '}written")
    agreeing = proof.predicates - len(proof.disagreements)
    click.echo(f"{agreeing} of {proof.predicates} legal predicates counted alike by both engines")
    for text in proof.disagreements:
        click.echo(text)
    if out:
        out.write_text(json.dumps(asdict(proof) | {"seed": seed}, indent=1) + "\n", "utf-8")
    return 0 if proof.holds else 1

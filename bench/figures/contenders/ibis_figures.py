"""The figures by Ibis on DuckDB, one expression each.

    ibis_figures.py prepare EDITION WORK              what stands above a unit, as a table
    ibis_figures.py run EDITION DEFINITIONS WORK OUT  this is what is measured

The rows that count are joined with the dated closure of the tree (each unit, all above it and the
days for which that holds) and with the periods that their month is part of, grouped by both, and
written. A stock is joined with the periods at whose end it stands.
"""

import argparse
import json
from pathlib import Path
from typing import Any

Definition = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for job, names in ((prepare, ("edition", "work")),
                       (run, ("edition", "definitions", "work", "out"))):  # fmt: skip
        command = commands.add_parser(job.__name__)
        for name in names:
            command.add_argument(name, type=Path)
        command.set_defaults(job=job)
    given = vars(parser.parse_args())
    given.pop("job")(**given)


def prepare(edition: Path, work: Path) -> None:
    """Write closure.parquet, months.parquet, periods.parquet and gone.parquet."""
    import duckdb
    from fused_tree import PERIODS, depths, moving_days, tree_statements

    units = edition / "units.parquet"
    days = [f"DATE '{day}'" for day in moving_days(units)]
    bounds = zip(["DATE '0001-01-01'", *days], [*days, "DATE '9999-12-31'"], strict=True)
    versions = ", ".join(f"({n}, {since}, {until})" for n, (since, until) in enumerate(bounds))
    periods = ", ".join(
        f"({number}, '{name}', DATE '2025-01-01' + INTERVAL {behind - 1} MONTH)"
        for number, name, _, behind in PERIODS
    )
    months = ", ".join(
        f"({month}, '{name}')"
        for _, name, first, behind in PERIODS
        for month in range(first, behind)
    )
    queries = {
        # Versions in which a unit stands where it stood before are one.
        "closure": f"""SELECT code, unnest(names) AS unit, min(since) AS since, max(until) AS until
        FROM (SELECT *, sum(moved) OVER (PARTITION BY code ORDER BY version) AS part
        FROM (SELECT *, (names <> lag(names, 1, names) OVER (PARTITION BY code ORDER BY version)
        )::INTEGER AS moved FROM way JOIN (VALUES {versions}) AS v (version, since, until)
        USING (version))) GROUP BY code, part, names""",
        "months": f"SELECT * FROM (VALUES {months}) AS months (month, period)",
        "periods": f"SELECT p, period, behind::DATE AS behind FROM (VALUES {periods})"
        " AS periods (p, period, behind)",
        "gone": f"""SELECT code AS unit, period FROM gone JOIN unit USING (unit_no)
        JOIN (VALUES {periods}) AS periods (p, period, behind) USING (p)""",
    }
    with duckdb.connect() as connection:
        for statement in tree_statements(moving_days(units), depths(units)):
            connection.execute(statement.replace("{edition}", str(edition)))
        for name, query in queries.items():
            connection.execute(f"COPY ({query}) TO '{work / name}.parquet' (FORMAT parquet)")


def run(edition: Path, definitions: Path, work: Path, out: Path) -> None:
    """Each expression after the other."""
    import ibis

    out.mkdir(parents=True)
    found: list[Definition] = json.loads(definitions.read_text(encoding="utf-8"))
    backend = ibis.duckdb.connect(threads=2)
    names = ("closure", "months", "periods", "gone")
    known = {
        name: backend.read_parquet(work / f"{name}.parquet", table_name=name) for name in names
    }
    for each in found:
        path = edition / "tables" / f"{each['table']}.parquet"
        rows = backend.read_parquet(path, table_name=each["table"])
        figures(rows, each, **known).to_parquet(out / f"{each['name']}.parquet")


def figures(
    rows: Any, each: Definition, *, closure: Any, months: Any, periods: Any, gone: Any
) -> Any:
    """The expression of an indicator, in the columns of a result."""
    import ibis
    from ibis_predicates import expression

    kind, column, day = each["kind"], each["column"], rows[each["date"]]
    where = expression(rows, each["where"])
    chosen = expression(rows, each["share_of"]) if kind == "share" else where
    chosen = chosen & rows[column].notnull() if column else chosen
    columns = {"code": rows[each["unit"]], "day": day, "id": rows["_id"], "hit": where}
    columns |= {"value": rows[column]} if column else {}
    columns |= {"ends": rows[each["ends"]]} if each["ends"] else {}
    counted = rows.filter(chosen).select(**columns)
    if kind == "stock":
        standing = [
            counted.day < periods.behind,
            counted.ends.isnull() | (counted.ends >= periods.behind),
        ]
        placed = counted.join(periods, standing)
    else:
        counted = counted.filter(counted.day.year() == 2025)
        placed = counted.join(months, counted.day.month() == months.month)
    on_its_day = [
        placed.code == closure.code, placed.day >= closure.since, placed.day < closure.until,
    ]  # fmt: skip
    cells = placed.join(closure, on_its_day)
    value = {
        "count": lambda: cells.count(),
        "stock": lambda: cells.count(),
        "share": lambda: 100 * cells.hit.fill_null(False).sum() / cells.count(),
        "sum": lambda: cells.value.sum(),
        "average": lambda: cells.value.sum().cast("float64") / cells.count(),
        "distinct": lambda: cells.value.nunique(),
        "median": lambda: cells.value.cast("float64").median(),
        "last": lambda: cells.value.first(order_by=[cells.day.desc(), cells.id.desc()]),
    }[kind]()
    grouped = cells.group_by("unit", "period").aggregate(
        value=value.cast("float64"), records=cells.count()
    )
    there = grouped.anti_join(gone, ["unit", "period"])
    return there.mutate(indicator=ibis.literal(each["name"]))


if __name__ == "__main__":
    main()

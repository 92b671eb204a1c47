"""The figures by dbt's semantic layer: SQL written by MetricFlow, run on DuckDB.

    metricflow_run.py prepare EDITION DEFINITIONS WORK     a dbt project, its tables built
    metricflow_run.py run DEFINITIONS WORK OUT             the queries; this is what is measured

One semantic model a table. Its rows are joined beforehand with the codes of their units' superiors
on the row's day (`u0` … `u4`): MetricFlow cannot follow a dated tree. Indicators are measures and
metrics, all in one project; a query asks for an indicator and its records by one level of units and
month, quarter or year, as an analyst would of it. DuckDB writes the answers itself, which is faster
than the table that MetricFlow would hand back. It knows neither stocks by two days nor last values.
"""

import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

Definition = dict[str, Any]
_PROJECT = "figures"
_GRAINS = {
    "month": "strftime({}, '%Y-%m')",
    "quarter": "'2025-Q' || quarter({})",
    "year": "strftime({}, '%Y')",
}
_AGGREGATIONS = {
    "count": "sum", "share": "sum", "sum": "sum", "average": "sum",
    "distinct": "count_distinct", "median": "median",
}  # fmt: skip
# Not its averages: those of decimals come out different in the last digit.
_QUOTIENTS = {"share": 100, "average": 1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for job, names in ((prepare, ("edition", "definitions", "work")),
                       (compile_, ("definitions", "work")),
                       (run, ("definitions", "work", "out"))):  # fmt: skip
        command = commands.add_parser(job.__name__.strip("_"))
        for name in names:
            command.add_argument(name, type=Path)
        command.set_defaults(job=job)
    given = vars(parser.parse_args())
    given.pop("job")(**given)


def prepare(edition: Path, definitions: Path, work: Path) -> None:
    """Write the project, fill its tables, let dbt read it."""
    from dbt.cli.main import dbtRunner
    from fused_tree import depths

    found: list[Definition] = json.loads(definitions.read_text(encoding="utf-8"))
    project = work / "project"
    shutil.rmtree(project, ignore_errors=True)
    (project / "models").mkdir(parents=True)
    with duckdb.connect(project / f"{_PROJECT}.duckdb") as connection:
        _fill(connection, edition, found)
    levels = depths(edition / "units.parquet")
    for name, content in _files(project, found, levels).items():
        (project / name).write_text(content, encoding="utf-8")
    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    done = dbtRunner().invoke(["--quiet", "parse", *folders])
    if not done.success:
        raise SystemExit(f"dbt does not take the project: {done.exception}")


def _fill(connection: duckdb.DuckDBPyConnection, edition: Path, found: list[Definition]) -> None:
    """The tables that the models stand for, and the units that did not exist in a period."""
    from fused_tree import PERIODS, depths, moving_days, node_of, tree_statements

    units = edition / "units.parquet"
    days, levels = moving_days(units), depths(units)
    for statement in tree_statements(days, levels):
        connection.execute(statement.replace("{edition}", str(edition)))
    names = ", ".join(f"({number}, '{name}')" for number, name, *_ in PERIODS)
    connection.execute(
        f"""CREATE TABLE not_there AS SELECT code AS unit, period FROM gone
        JOIN unit USING (unit_no) JOIN (VALUES {names}) AS period (p, period) USING (p)"""
    )
    above = ", ".join(f"names[{depth + 1}] AS u{depth}" for depth in range(levels))
    for each in {each["table"]: each for each in found}.values():
        day = node_of(f'"{each["date"]}"', days)
        connection.execute(
            f"""CREATE TABLE "{each["table"]}" AS SELECT {above}, r.*
            FROM read_parquet('{edition / "tables" / each["table"]}.parquet') r
            JOIN spot ON spot.code = r."{each["unit"]}" JOIN ways ON ways.node = {day}"""
        )
    connection.execute(
        """CREATE TABLE all_days AS SELECT unnest(generate_series(
        DATE '2025-01-01', DATE '2025-12-31', INTERVAL 1 DAY))::DATE AS day"""
    )


def _files(project: Path, found: list[Definition], levels: int) -> dict[str, str]:
    """The project's files, YAML written as JSON."""
    tables = sorted({each["table"] for each in found})
    profile = {"type": "duckdb", "path": str(project / f"{_PROJECT}.duckdb"), "threads": 2}
    spine = {
        "name": "all_days",
        "columns": [{"name": "day", "granularity": "day"}],
        "time_spine": {"standard_granularity_column": "day"},
    }
    models = [_semantic_model(t, [d for d in found if d["table"] == t], levels) for t in tables]
    contents = {
        "dbt_project.yml": {
            "name": _PROJECT, "version": "1.0.0", "profile": _PROJECT, "model-paths": ["models"],
        },
        "profiles.yml": {_PROJECT: {"target": "bench", "outputs": {"bench": profile}}},
        "models/days.yml": {"models": [spine]},
        "models/semantic.yml": {
            "semantic_models": models, "metrics": [m for d in found for m in _metrics(d)],
        },
    }  # fmt: skip
    texts = {name: json.dumps(content, ensure_ascii=False) for name, content in contents.items()}
    return texts | {f"models/{table}.sql": "SELECT 1" for table in (*tables, "all_days")}


def _semantic_model(table: str, group: list[Definition], levels: int) -> dict[str, Any]:
    days = sorted({each["date"] for each in group})
    dimensions = [
        {"name": day, "type": "time", "type_params": {"time_granularity": "day"}} for day in days
    ]
    dimensions += [{"name": f"u{depth}", "type": "categorical"} for depth in range(levels)]
    return {
        "name": table,
        "model": f"ref('{table}')",
        "defaults": {"agg_time_dimension": days[0]},
        "entities": [{"name": f"{table}_record", "type": "primary", "expr": "_id"}],
        "dimensions": dimensions,
        "measures": [m for each in group for m in _measures(each)],
    }


def _measures(each: Definition) -> list[dict[str, str]]:
    """The value, and the records behind it."""
    name, kind, column = each["name"], each["kind"], f'"{each["column"]}"'
    where = each["where"] or "true"
    base = f"({each['share_of']})" if kind == "share" else f"({where})"
    value = f"CASE WHEN {where} THEN {column} END"
    if kind == "count":
        value = f"CASE WHEN {where} THEN 1 ELSE 0 END"
    elif kind == "share":
        value = f"CASE WHEN {base} AND ({where}) THEN 1 ELSE 0 END"
    else:
        base = f"{base} AND {column} IS NOT NULL"
    records = f"CASE WHEN {base} THEN 1 ELSE 0 END"
    common = {"agg_time_dimension": each["date"]}
    return [
        {"name": f"{name}_value", "agg": _AGGREGATIONS[kind], "expr": value, **common},
        {"name": f"{name}_records", "agg": "sum", "expr": records, **common},
    ]


def _metrics(each: Definition) -> list[dict[str, Any]]:
    name = each["name"]
    simple = [
        {"name": metric, "label": metric, "type": "simple", "type_params": {"measure": measure}}
        for metric, measure in (
            (f"{name}_sum" if each["kind"] in _QUOTIENTS else name, f"{name}_value"),
            (f"{name}_n", f"{name}_records"),
        )
    ]
    if each["kind"] not in _QUOTIENTS:
        return simple
    parts = {
        "expr": f"{_QUOTIENTS[each['kind']]} * {name}_sum::DOUBLE / nullif({name}_n, 0)",
        "metrics": [{"name": f"{name}_sum"}, {"name": f"{name}_n"}],
    }
    return [*simple, {"name": name, "label": name, "type": "derived", "type_params": parts}]


def run(definitions: Path, work: Path, out: Path) -> None:
    """Let MetricFlow write all queries, and DuckDB run them."""
    out.mkdir(parents=True)
    project = work / "project"
    # A process of its own, for dbt keeps the database to itself until it ends.
    command = [sys.executable, __file__, "compile", definitions, work]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    queries = json.loads((work / "queries.json").read_text(encoding="utf-8"))
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"ATTACH '{project / _PROJECT}.duckdb' (READ_ONLY)")
        for number, (name, unit, grain, sql) in enumerate(queries):
            period = _GRAINS[grain].format(f"metric_time__{grain}")
            connection.execute(
                f"""COPY (SELECT '{name}' AS indicator, {unit} AS unit, {period} AS period,
                {name}::DOUBLE AS value, {name}_n::BIGINT AS records
                FROM ({sql}) WHERE {unit} IS NOT NULL
                AND ({unit}, {period}) NOT IN (SELECT (unit, period) FROM {_PROJECT}.not_there))
                TO '{out / str(number)}.parquet' (FORMAT parquet)"""
            )


def compile_(definitions: Path, work: Path) -> None:
    """Write the indicator, the column of the unit, the grain and the SQL of each query."""
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    project = work / "project"
    found: list[Definition] = json.loads(definitions.read_text(encoding="utf-8"))
    os.chdir(project)
    configuration = CLIConfiguration()
    configuration.setup(dbt_profiles_path=project, dbt_project_path=project)
    levels = json.loads((project / "models/semantic.yml").read_text("utf-8"))
    dimensions = levels["semantic_models"][0]["dimensions"]
    units = [each["name"] for each in dimensions if each["type"] == "categorical"]
    year = {
        "time_constraint_start": datetime.datetime(2025, 1, 1),
        "time_constraint_end": datetime.datetime(2025, 12, 31),
    }
    queries = []
    for each in found:
        for unit in units:
            column = f"{each['table']}_record__{unit}"
            for grain in _GRAINS:
                request = MetricFlowQueryRequest.create(
                    metric_names=[each["name"], f"{each['name']}_n"],
                    group_by_names=[column, f"metric_time__{grain}"],
                    **year,
                )
                sql = configuration.mf.explain(request).sql_statement.sql
                queries.append((each["name"], column, grain, sql))
    (work / "queries.json").write_text(json.dumps(queries), encoding="utf-8")


if __name__ == "__main__":
    main()

"""DuckDB with nothing but its own memory: no files, no network, no variables of Python."""

import duckdb

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


def open_connection() -> duckdb.DuckDBPyConnection:
    """A connection that sees only what is registered with it; its settings are locked."""
    connection = duckdb.connect(":memory:", config=_SETTINGS)
    connection.execute("SET lock_configuration = true")
    return connection

"""The five types a column may have."""

from enum import StrEnum


class ColumnType(StrEnum):
    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"  # exact decimal, 4 places
    BOOLEAN = "boolean"
    DATE = "date"

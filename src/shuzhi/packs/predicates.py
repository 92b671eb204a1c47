"""Predicates: boolean SQL over one table's columns, parsed once and never passed on as text.

A text is measured and its words are checked before SQLGlot sees it; the tree is then held to an
allow-list and type-checked (`predicate_types`). Engines print the tree, never the text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sqlglot import Dialect, exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from shuzhi.packs.column_types import ColumnType
from shuzhi.packs.predicate_types import (
    FUNCTIONS,
    RESERVED_DATES,
    PredicateRefused,
    Scope,
    require_boolean,
)
from shuzhi.packs.suggestions import suggest

__all__ = ["RESERVED_DATES", "Predicate", "PredicateRefused", "parse_predicate"]

# SQLGlot 30 takes 54 s for 200,000 ANDs, and 33 frames of Python's 1,000 for each parenthesis
# behind a not (measured). Characters and parentheses are counted before it is called.
MAX_CHARACTERS = 4_000
MAX_PARENTHESES = 20  # inside each other
MAX_DEPTH = 50
MAX_NODES = 500

_DUCKDB = Dialect.get_or_raise("duckdb")
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,6})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SIGNS = frozenset({TokenType.DASH, TokenType.PLUS})
_OPERATORS = _SIGNS | {TokenType.STAR, TokenType.SLASH}
_BEFORE_NOT = frozenset({None, TokenType.L_PAREN, TokenType.AND, TokenType.OR, TokenType.IS})
_ENDS_OF_OPERANDS = frozenset(
    {
        TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER,
        TokenType.R_PAREN, TokenType.TRUE, TokenType.FALSE,
    }
)  # fmt: skip
_NEGATED = frozenset({TokenType.IN, TokenType.BETWEEN, TokenType.LIKE})
_PUNCTUATION = frozenset(
    {
        TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA, TokenType.AND, TokenType.OR,
        TokenType.NOT, TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT,
        TokenType.GTE, TokenType.IN, TokenType.BETWEEN, TokenType.IS, TokenType.NULL,
        TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH, TokenType.LIKE,
        TokenType.TRUE, TokenType.FALSE, TokenType.STRING,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Predicate:
    """A boolean expression over one table's columns.

    `tree` is safe to print for any engine: allowed nodes only, types checked, columns quoted.
    It is shared; copy it before changing it. `columns` are the table's columns it reads, in the
    order of their first appearance. `period_start` and `period_last_day` stand in the tree as
    columns of these names and are not among `columns`.
    Missing: three-valued logic; a row for which the answer is unknown is not selected. `least`
    and `greatest` skip nulls and are null only where every argument is.
    """

    text: str
    tree: exp.Expr = field(compare=False, repr=False)
    columns: tuple[str, ...] = field(compare=False)


def parse_predicate(
    text: str,
    columns: Mapping[str, ColumnType],
    person: Iterable[str] = frozenset(),
    values: Mapping[str, tuple[str, ...]] | None = None,
) -> Predicate:
    """The predicate written in `text`, over `columns`.

    `person` names the columns that may only be asked for presence; `values` the values each
    column with categories may hold, so that a misspelt one is refused.

    Raises: PredicateRefused, with what is wrong and what to write instead.
    """
    return _parse(
        text,
        tuple(columns.items()),
        frozenset(person),
        tuple(sorted((values or {}).items())),
    )


@lru_cache(maxsize=4096)
def _parse(
    text: str,
    columns: tuple[tuple[str, ColumnType], ...],
    person: frozenset[str],
    values: tuple[tuple[str, tuple[str, ...]], ...],
) -> Predicate:
    types = dict(columns) | dict.fromkeys(RESERVED_DATES, ColumnType.DATE)
    scope = Scope(types, person, dict(values))
    _refuse_long(text)
    tokens = _allowed_tokens(_tokenize(text), scope)
    _refuse_deep_nesting(tokens)
    _refuse_prefixes_in_a_row(tokens)
    tree = _normalized(_one_expression(tokens, text))
    _refuse_large_tree(tree)
    require_boolean(tree, scope)
    found = (column.name for column in tree.find_all(exp.Column, bfs=False))
    used = dict.fromkeys(name for name in found if name not in RESERVED_DATES)
    return Predicate(text, tree, tuple(used))


def _refuse_long(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise PredicateRefused(
            f"the predicate has {len(text):,} characters", f"write at most {MAX_CHARACTERS:,}"
        )
    if _CONTROL.search(text):
        raise PredicateRefused("the predicate has a control character", "remove it")


def _tokenize(text: str) -> list[Token]:
    try:
        tokens = _DUCKDB.tokenize(text)
    except TokenError:
        raise PredicateRefused(
            "the predicate cannot be divided into words", "close every quotation mark"
        ) from None
    if any(token.comments for token in tokens):
        raise PredicateRefused("a predicate holds no comment", "write it as a # comment in TOML")
    if not tokens:
        raise PredicateRefused("the predicate is empty", "write a condition, or leave the key out")
    return tokens


def _allowed_tokens(tokens: list[Token], scope: Scope) -> list[Token]:
    allowed = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        follower = following.token_type if following is not None else None
        allowed.append(_allowed_token(token, follower, scope))
    return allowed


def _allowed_token(token: Token, follower: TokenType | None, scope: Scope) -> Token:
    """The token itself; as a plain name where it is a column called like an SQL word."""
    kind, text = token.token_type, token.text
    if kind is TokenType.NUMBER:
        return _plain_number(token)
    if kind is TokenType.DATE and follower is TokenType.STRING:
        return token
    if text.lower() in FUNCTIONS and follower is TokenType.L_PAREN:
        return token
    if kind is TokenType.IDENTIFIER and text not in scope.columns:
        raise PredicateRefused(
            f'"{text}" in double quotes is a column\'s name, and there is no such column',
            f"write texts in single quotes: '{text}'",
        )
    if text in scope.columns and kind not in _PUNCTUATION:
        return Token(TokenType.VAR, text, token.line, token.col, token.start, token.end)
    if kind in _PUNCTUATION:
        return token
    raise _unknown_word(text, follower is TokenType.L_PAREN, scope)


def _plain_number(token: Token) -> Token:
    if _NUMBER.fullmatch(token.text):
        return token
    raise PredicateRefused(
        f"{token.text} is no plain number", "write up to 15 digits and 6 decimal places"
    )


def _unknown_word(text: str, called: bool, scope: Scope) -> PredicateRefused:
    if not re.match(r"\w", text):
        return PredicateRefused(
            f"{text!r} is not allowed in a predicate",
            "use and, or, not, =, <>, <, <=, >, >=, in, between, is null, like, +, -, *, /",
        )
    if called:
        return PredicateRefused(f"function {text} is not allowed", suggest(text, FUNCTIONS))
    return PredicateRefused(f"{text} is no column of the table", suggest(text, scope.columns))


def _refuse_deep_nesting(tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if depth > MAX_PARENTHESES:
            raise PredicateRefused(
                f"the predicate nests more than {MAX_PARENTHESES} parentheses", "make it flatter"
            )


def _refuse_prefixes_in_a_row(tokens: list[Token]) -> None:
    """A `not` or a sign behind an operator nests as parentheses do, and is refused without them."""
    kinds = [token.token_type for token in _without_and_of_between(tokens)]
    for before, kind, after in zip([None, *kinds], kinds, [*kinds[1:], None], strict=False):
        infix = before in _ENDS_OF_OPERANDS and after in _NEGATED
        negated = kind is TokenType.NOT and not infix
        if (negated and before not in _BEFORE_NOT) or (kind in _SIGNS and before in _OPERATORS):
            raise PredicateRefused(
                "not, + or - stands behind another operator", "put parentheses around its part"
            )


def _without_and_of_between(tokens: list[Token]) -> Iterator[Token]:
    awaited = 0
    for token in tokens:
        awaited += token.token_type is TokenType.BETWEEN
        if awaited and token.token_type is TokenType.AND:
            awaited -= 1
        else:
            yield token


def _one_expression(tokens: list[Token], text: str) -> exp.Expr:
    try:
        statements = _DUCKDB.parser().parse(tokens, text)
    except ParseError as error:
        found = error.errors[0] if error.errors else {}
        near = " ".join(str(found.get(part, "")) for part in ("start_context", "highlight"))
        raise PredicateRefused(
            f"the predicate is not complete or not in order near {near.strip()[-40:]!r}",
            "write one condition, such as kind = 'work' and attended > 0",
        ) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Expr):
        raise PredicateRefused("the predicate is not one expression", "write one condition")
    return statements[0]


def _normalized(tree: exp.Expr) -> exp.Expr:
    """The tree with every column quoted and `not like` written as not (like)."""
    for identifier in list(tree.find_all(exp.Identifier)):
        identifier.set("quoted", True)
    return tree.transform(_without_negate, copy=False)


def _without_negate(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Like) and node.args.get("negate"):
        node.set("negate", None)
        return exp.Not(this=node)
    return node


def _refuse_large_tree(tree: exp.Expr) -> None:
    """Chains of and, and of or, count as one level: they are as flat as they read."""
    nodes, pending = 0, [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise PredicateRefused(
                "the predicate has too many parts or nests too deeply",
                f"write at most {MAX_NODES} parts, nested at most {MAX_DEPTH} deep",
            )
        for child in node.iter_expressions():
            if not isinstance(child, exp.Identifier):
                chained = type(child) is type(node) and isinstance(node, exp.Connector)
                pending.append((child, depth + (not chained)))

"""Values as the graph's types write them, a whole level's at once.

The specification's "Value Completion" (GraphQL, section 6.4.3), for lists of values instead of one: each function takes
the values that one field has for all parents and gives back as many, completed. Nothing here makes an error: what
graphql-core would refuse, or would have to wait for, is `NotCovered`.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from types import GeneratorType
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg
from graphql import (
    GraphQLAbstractType,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import Undefined

from service.execution.fallback import NotCovered

NULL: Final = type(None)
LISTS: Final = frozenset({list, tuple})
ROWS: Final = frozenset({asyncpg.Record, dict})
LEAVES: Final = frozenset({str, int, float, bool, date, datetime, Decimal, UUID})
"""Kinds of value that are surely no error and nothing to wait for."""
PASSING: Final = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool, GraphQLInt: int}
"""Scalars that write a value of exactly this kind as it is; an Int only within 32 bits."""
INT_MOST: Final = 2**31 - 1
MEMO_MOST: Final = 256


class Level(Protocol):
    """What completion needs of the level at hand: the next one to put objects on, and the information of the field."""

    def put(self, kind: GraphQLObjectType, details: Any, values: list[Any]) -> list[Any]:
        """Take objects of one type to the next level; their answers, to be filled there."""

    def concrete(self, abstract: GraphQLAbstractType, values: list[Any]) -> list[Any]:
        """What each value's type is called, as the abstract type resolves it."""

    def object_type(self, abstract: GraphQLAbstractType, name: Any) -> GraphQLObjectType:
        """The object type of this name, where the abstract type allows it."""

    def is_type_of(self, kind: GraphQLObjectType, values: list[Any]) -> bool:
        """Whether the type recognises all the values."""


Complete = Callable[[list[Any], Level], list[Any]]


def completer(kind: GraphQLOutputType, details: Any) -> Complete:
    """How values of this type are completed; `details` are the field's nodes, for what is selected below."""
    required = is_non_null_type(kind)
    inner: Any = kind.of_type if is_non_null_type(kind) else kind
    if is_list_type(inner):
        return _lists(completer(inner.of_type, details), required)
    if is_leaf_type(inner):
        return _enum(inner, required) if is_enum_type(inner) else _scalar(inner, required)
    if is_object_type(inner):
        return _objects(inner, details, required)
    return _abstract(inner, details, required)


def _around_nulls(values: list[Any], required: bool, complete: Complete, level: Level) -> list[Any]:
    """The values with nulls where there were nulls; a required one is for graphql-core to report."""
    if required:
        raise NotCovered
    done = iter(complete([value for value in values if value is not None], level))
    return [None if value is None else next(done) for value in values]


def _check(kinds: Iterable[type]) -> None:
    """Errors that were returned, things to wait for and absent values are graphql-core's."""
    for kind in kinds:
        if issubclass(kind, Exception | GeneratorType) or hasattr(kind, "__await__") or kind is type(Undefined):
            raise NotCovered


def _lists(inner: Complete, required: bool) -> Complete:
    def complete(values: list[Any], level: Level) -> list[Any]:
        kinds = set(map(type, values))
        if not kinds <= LISTS:
            if kinds <= {*LISTS, NULL}:
                return _around_nulls(values, required, complete, level)
            raise NotCovered
        done = inner(list(chain.from_iterable(values)), level)
        answers, start = [], 0
        for value in values:
            end = start + len(value)
            answers.append(done[start:end])
            start = end
        return answers

    return complete


def _objects(kind: GraphQLObjectType, details: Any, required: bool) -> Complete:
    checked = kind.is_type_of is not None

    def complete(values: list[Any], level: Level) -> list[Any]:
        kinds = set(map(type, values))
        if not kinds <= ROWS:
            if NULL in kinds:
                return _around_nulls(values, required, complete, level)
            _check(kinds)
        if checked and not level.is_type_of(kind, values):
            raise NotCovered
        return level.put(kind, details, values)

    return complete


def _abstract(kind: GraphQLAbstractType, details: Any, required: bool) -> Complete:
    known: dict[str, Complete] = {}

    def of_type(name: Any, values: list[Any], level: Level) -> list[Any]:
        complete_one = known.get(name)
        if complete_one is None:
            complete_one = known[name] = _objects(level.object_type(kind, name), details, True)
        return complete_one(values, level)

    def complete(values: list[Any], level: Level) -> list[Any]:
        kinds = set(map(type, values))
        if not kinds <= ROWS:
            if NULL in kinds:
                return _around_nulls(values, required, complete, level)
            _check(kinds)
        names = level.concrete(kind, values)
        if len(set(names)) == 1:
            return of_type(names[0], values, level)
        places: dict[Any, list[int]] = {}
        for place, name in enumerate(names):
            places.setdefault(name, []).append(place)
        answers: list[Any] = [None] * len(values)
        for name, held in places.items():
            for place, answer in zip(held, of_type(name, [values[place] for place in held], level), strict=True):
                answers[place] = answer
        return answers

    return complete


@lru_cache(maxsize=1024)
def _scalar(kind: Any, required: bool) -> Complete:
    exact = PASSING.get(kind)
    allowed = frozenset({exact} if required else {exact, NULL})
    ranged = exact is int

    def complete(values: list[Any], level: Level) -> list[Any]:
        kinds = set(map(type, values))
        if exact is not None and kinds <= allowed and not (ranged and _too_large(values)):
            return values
        if NULL in kinds:
            return _around_nulls(values, required, complete, level)
        if not kinds <= LEAVES:
            _check(kinds)
        return _coerced(kind, values)

    return complete


def _too_large(values: list[Any]) -> bool:
    figures = [value for value in values if value is not None]
    return bool(figures) and (max(figures) > INT_MOST or min(figures) < -INT_MOST - 1)


def _coerced(kind: GraphQLLeafType, values: list[Any]) -> list[Any]:
    answers = list(map(kind.coerce_output_value, values))
    for answer in answers:
        if answer is None or answer is Undefined:
            raise NotCovered
    return answers


@lru_cache(maxsize=1024)
def _enum(kind: GraphQLEnumType, required: bool) -> Complete:
    names: dict[Any, Any] = {} if required else {None: None}

    def complete(values: list[Any], level: Level) -> list[Any]:
        try:
            return [names[value] for value in values]
        except KeyError:
            pass
        kinds = set(map(type, values))
        if NULL in kinds and required:
            raise NotCovered
        _check(kinds - {NULL})
        for value in dict.fromkeys(values):
            if value is not None:
                (name,) = _coerced(kind, [value])
                if len(names) < MEMO_MOST:
                    names[value] = name
        return [None if value is None else kind.coerce_output_value(value) for value in values]

    return complete

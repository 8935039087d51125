"""One walk down the levels of an answer.

On each level a column is read from all rows of a type at once, and a batch resolver is called once with all its
parents, also where these are of several types and share the field of an interface. Batch resolvers of one level run one
after the other: a snapshot runs one statement at a time, and their order stays the same.
"""

from inspect import iscoroutine
from itertools import repeat
from typing import Any, Final

from graphql import GraphQLAbstractType, GraphQLObjectType, is_object_type

from service.execution.fallback import NotCovered
from service.execution.plan import Field, Selection

Answer = dict[str, Any]
RECOGNISED: Final = frozenset({True})


class Call:
    """One call of a batch resolver: its parents, which may be of several types, and whose answers wait for it."""

    __slots__ = ("columns", "field", "info", "parents", "said", "waiting")

    def __init__(self, field: Field, info: Any, said: dict[str, Any]) -> None:
        self.field, self.info, self.said = field, info, said
        self.columns = field.columns
        self.parents: list[Any] = []
        self.waiting: list[tuple[Field, list[Answer]]] = []


class Walk:
    """One walk down the levels, from one object."""

    __slots__ = ("_below", "_executor", "_field", "_info", "_plan")

    def __init__(self, executor: Any) -> None:
        """`executor` is the execution context that has the plan."""
        self._executor, self._plan = executor, executor.plan
        self._below: dict[Selection, tuple[list[Any], list[Answer]]] = {}
        self._field: Field | None = None
        self._info: Any = None

    async def answer(self, selection: Selection, source: Any) -> Answer:
        """The whole answer of one object. Raises NotCovered, or what a resolver raises."""
        answer = selection.blank.copy()
        level = {selection: ([source], [answer])}
        while level:
            self._below = {}
            calls: dict[Any, list[Call]] = {}
            for wanted, (sources, answers) in level.items():
                for field in wanted.columns:
                    assert field.read is not None
                    self._write(field, field.read(sources), answers)
                for field in wanted.batches:
                    self._join(calls, field, sources, answers)
            for several in calls.values():
                for call in several:
                    await self._run(call)
            level = self._below
        return answer

    def _write(self, field: Field, values: list[Any], answers: list[Answer]) -> None:
        if field.complete is not None:
            self._field, self._info = field, None
            values = field.complete(values, self)
        key = field.key
        for answer, value in zip(answers, values, strict=True):
            answer[key] = value

    def _join(self, calls: dict[Any, list[Call]], field: Field, sources: list[Any], answers: list[Answer]) -> None:
        """Put these parents into the level's call of the same resolver with the same arguments, or into a new one."""
        executor = self._executor
        raw = executor.build_resolve_info(field.definition, field.nodes, field.parent, field.path)
        info = executor.strawberry_schema.config.info_class(_raw_info=raw, _field=field.source)
        said = field.said(executor, info)
        several = calls.setdefault(field.origin, [])
        call = next((each for each in several if each.said == said), None)
        if call is None:
            call = Call(field, info, said)
            several.append(call)
        elif call.columns is None or field.columns is None:  # of several types, one asks for whole rows
            call.columns = None
        else:
            call.columns |= field.columns
        call.parents = [*call.parents, *sources] if call.parents else sources
        call.waiting.append((field, answers))

    async def _run(self, call: Call) -> None:
        assert call.field.batch is not None
        narrows = {"columns": call.columns} if call.field.narrows else {}
        found = call.field.batch(call.parents, call.info, **call.said, **narrows)
        if iscoroutine(found):
            found = await found
        if len(found) != len(call.parents):
            raise NotCovered
        found, start = list(found), 0
        for field, answers in call.waiting:
            end = start + len(answers)
            self._write(field, found if end - start == len(found) else found[start:end], answers)
            start = end

    # What completion asks of the level at hand.

    def put(self, kind: GraphQLObjectType, details: Any, values: list[Any]) -> list[Any]:
        """Take objects to the next level; where there are none, nothing is asked there."""
        if not values:
            return []
        selection = self._plan.below(kind, details, self._executor.collect_subfields)
        blank = selection.blank
        answers = [blank.copy() for _ in values]
        there = self._below.get(selection)
        self._below[selection] = (values, answers) if there is None else (there[0] + values, there[1] + answers)
        return answers

    def concrete(self, abstract: GraphQLAbstractType, values: list[Any]) -> list[Any]:
        """The name of each value's type."""
        resolve = abstract.resolve_type or self._executor.type_resolver
        together = getattr(resolve, "__batch__", None)
        if together is not None:
            names: list[Any] = together(values)
            return names
        info = self._raw()
        return [resolve(value, info, abstract) for value in values]

    def object_type(self, abstract: GraphQLAbstractType, name: Any) -> GraphQLObjectType:
        """The object type of a name that the abstract type allows."""
        schema = self._executor.schema
        kind = schema.get_type(name) if isinstance(name, str) else None
        if not is_object_type(kind) or not schema.is_sub_type(abstract, kind):
            raise NotCovered
        return kind

    def is_type_of(self, kind: GraphQLObjectType, values: list[Any]) -> bool:
        """Whether the type says of each that it is one of its own."""
        recognise = kind.is_type_of
        assert recognise is not None
        together = getattr(recognise, "__batch__", None)
        if together is not None:
            return bool(together(values))
        return set(map(recognise, values, repeat(self._raw()))) <= RECOGNISED

    def _raw(self) -> Any:
        if self._info is None:
            field = self._field
            assert field is not None
            self._info = self._executor.build_resolve_info(field.definition, field.nodes, field.parent, field.path)
        return self._info

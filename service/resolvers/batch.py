"""Batch resolvers: a list of parents in, a list of results out.

`batched` makes a Strawberry resolver of such a function. The parents do not appear as an argument in the graph. Under
graphql-core the parents of one level are gathered by a DataLoader, one for each field and set of arguments, and a
function that needs no database is called at once; the breadth-first executor calls the function itself, kept as
`__batch__`.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from strawberry.dataloader import DataLoader

from service.execution.plan import declared_by

Batch = Callable[..., Any]


def batched(
    function: Batch,
    *,
    returns: Any = None,
    arguments: Sequence[inspect.Parameter] | None = None,
    reads: Sequence[str] | None = None,
    rows_at: Sequence[str] | None = None,
) -> Any:
    """A resolver for `function(parents, info, **arguments) -> list`, async or not, one result for each parent.

    `returns` is what the graph says of one result, `arguments` what it says the field takes; both are read from the
    function itself where they are not given.

    `reads` are the columns of a parent that it looks at; whoever does not say gets whole rows. With `rows_at` the
    breadth-first executor also gives it `columns`, those that the document reads of the rows found: they stand in the
    result under these fields, or are the result where there are none.
    """
    declared = inspect.signature(function)
    taken = list(declared.parameters.values())[2:] if arguments is None else list(arguments)

    def work_out(root: Any, info: strawberry.Info, **said: Any) -> Any:
        return function([root], info, **said)[0]

    async def resolve(root: Any, info: strawberry.Info, **said: Any) -> Any:
        loaders = info.context.loaders
        parent = declared_by(info._raw_info.parent_type, info.field_name)
        key = (function, parent, info.field_name, repr(sorted(said.items())))
        loader = loaders.get(key)
        if loader is None:

            async def load(parents: list[Any]) -> Sequence[Any]:
                found: Sequence[Any] = await function(parents, info, **said)
                return found

            loader = loaders[key] = DataLoader(load, cache=False)
        return await loader.load(root)

    made: Any = resolve if inspect.iscoroutinefunction(function) else work_out
    functools.update_wrapper(made, function, assigned=("__module__", "__name__", "__qualname__", "__doc__"), updated=())
    del made.__wrapped__
    made.__annotations__ = {}
    made.__batch__ = function
    made.__reads__ = None if reads is None else frozenset(reads)
    made.__rows_at__ = rows_at
    made.__signature__ = inspect.Signature(
        [
            inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info),
            *(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in taken),
        ],
        return_annotation=returns if returns is not None else declared.return_annotation,
    )
    return made

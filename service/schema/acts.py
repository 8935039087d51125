"""How a mutation is declared: its input, what it answers with, and the deed that decides about it."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.schema_directive import Location

from service.access.powers import POWERS
from service.db.directory import own_seats
from service.db.nodes import by_ids
from service.resolvers.acting import Deed, Outcome, perform
from service.resolvers.escalations import routes_for
from service.resolvers.signposts import signposts_for
from service.rules.acts import DESCRIPTIONS, Act
from service.rules.calendar import EARLIEST, LATEST
from service.rules.problems import Code, Problem
from service.schema.enums import UserErrorCode
from service.schema.fields import lazy, plain
from service.schema.routes import Route
from service.schema.signposts import Help
from service.schema.viewer import ViewerSeat


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="The seats that have the power to do this: side, how their body stands to the target, and offices.",
)
class Needs:
    seats: list[str] = strawberry.field(description="One line for each side and relation.")


def needs(act: Act) -> Needs:
    """The directive of an act, from the table of powers."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for side, office, relation in sorted(POWERS[act]):
        grouped.setdefault((side.value, relation.value), []).append(office.value)
    return Needs(seats=[f"{side} {relation}: {', '.join(offices)}" for (side, relation), offices in grouped.items()])


@strawberry.type(description="Why an act was not done. Nothing was changed.")
class UserError:
    code: UserErrorCode = plain("The reason, for programs.")
    message: str = plain("The reason, for people: it names the rule.")
    field: list[str] | None = plain("The path of the input field concerned.")
    seats: list[ViewerSeat] | None = plain("With CAPACITY_REQUIRED: the seats to choose from.")
    routes: list[Route] | None = plain("With NO_ROUTE: the ways that there are from here.")
    signposts: list[Help] | None = plain(
        "With CASEWORK_DIVERTED: what to do first about urgent harm, and whom to turn to."
    )


def payload(act: Act, fields: dict[str, tuple[Any, str]]) -> Any:
    """`XPayload` of an act."""
    name = "".join(part.capitalize() for part in act.value.split("_")) + "Payload"
    body: dict[str, Any] = {key: plain(words) for key, (_, words) in fields.items()}
    annotations = {key: kind for key, (kind, _) in fields.items()}
    made = type(
        name,
        (),
        {
            "__annotations__": {**annotations, "user_errors": list[UserError]},
            **body,
            "user_errors": plain("Why it was not done; empty when it was."),
        },
    )
    return strawberry.type(made, description=f"What came of it: {DESCRIPTIONS[act]}")


def _date_problems(said: Any, path: tuple[str, ...] = ()) -> list[Problem]:
    """Days that no calendar of ours reaches."""
    match said:
        case dict():
            return [p for name, value in said.items() for p in _date_problems(value, (*path, _camel(name)))]
        case list():
            return [p for place, value in enumerate(said) for p in _date_problems(value, (*path, str(place)))]
        case date() if not EARLIEST <= said <= LATEST:
            return [Problem(Code.INVALID, f"A day lies between {EARLIEST} and {LATEST}.", path)]
        case _:
            return []


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


async def answer(info: strawberry.Info, result: str, name: str, outcome: Outcome, said: Any) -> dict[str, Any]:
    """The payload, read again under the rights that hold now; with a refusal what helps to go on."""
    context = info.context
    errors: list[dict[str, Any]] = []
    for problem in outcome.problems:
        help_: dict[str, Any] = {"seats": None, "routes": None, "signposts": None}
        match problem.code:
            case Code.CAPACITY_REQUIRED:
                help_["seats"] = await own_seats(await context.reading())
            case Code.NO_ROUTE:
                help_["routes"] = await routes_for(context, said)
            case Code.CASEWORK_DIVERTED:
                help_["signposts"] = await signposts_for(context)
            case _:
                pass
        errors.append({**_error(problem), **help_})
    row: Any = None
    if not result:
        row = True if outcome.id is not None else None
    elif outcome.id is not None:
        row = (await by_ids(await context.reading(), result, [outcome.id]))[0]
    return {name: row, "user_errors": errors}


def _error(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "message": problem.message, "field": list(problem.field) or None}


Accept = Callable[..., Any]
Before = Callable[[Any, Any], Awaitable[Outcome | None]]


def act(
    deed: Deed,
    said: type,
    name: str,
    *,
    extra: dict[str, tuple[Any, str, Callable[..., Any]]] | None = None,
    do: Accept | None = None,
    before: Before | None = None,
) -> Any:
    """The mutation of a deed. `extra` adds payload fields, each worked out from the context and the object;
    `do` takes the place of the common pipeline for the one act that enrols people; `before` may turn an act away before
    anything of it is stored."""
    description = DESCRIPTIONS[deed.act]
    if deed.result:
        fields = {name: (lazy(deed.result) | None, "The object, as you may see it now; null if it was not done.")}
    else:
        fields = {name: (bool | None, "True once it was done; null if it was not.")}
    fields |= {key: (kind, words) for key, (kind, words, _) in (extra or {}).items()}
    answered = payload(deed.act, fields)

    async def resolve(root: Any, info: strawberry.Info, input: Any) -> dict[str, Any]:
        plain_values = strawberry.asdict(input)
        problems = _date_problems(plain_values)
        if problems:
            outcome = Outcome(problems=tuple(problems))
        elif do is not None:
            outcome = await do(info.context, input, plain_values)
        else:
            turned_away = None
            if before is not None:
                turned_away = await before(info.context, input)
                if turned_away is None:
                    await info.context.renew()  # its connection goes back before the act takes one
            outcome = turned_away or await perform(info.context, deed, input, plain_values)
        said_back = await answer(info, deed.result, name, outcome, input)
        for key, (_, _, work_out) in (extra or {}).items():
            said_back[key] = None if not said_back[name] else work_out(info.context, said_back[name])
        return said_back

    resolve.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD),
            inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info),
            inspect.Parameter(
                "input",
                inspect.Parameter.KEYWORD_ONLY,
                annotation=_described_input(said),
            ),
        ],
        return_annotation=answered,
    )
    resolve.__annotations__ = {}
    return strawberry.mutation(resolver=resolve, description=description, directives=[needs(deed.act)])


def _described_input(said: type) -> Any:
    return Annotated[said, strawberry.argument(description="What to do it with.")]

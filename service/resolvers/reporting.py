"""What is read of reports beside their rows: where they stand, their figures with their metrics, what one can do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry

from service.access.powers import may as may_by_power
from service.access.viewer import Row, Snapshot
from service.db import definitions
from service.db import reports as db
from service.db.directory import acting_seat
from service.db.nodes import by_ids
from service.resolvers.figures import NUMBERS, from_json
from service.resolvers.reports import reporter
from service.rules.acts import Act
from service.rules.bodies import Office, Relation, Side
from service.rules.reports.checks import figure_problems
from service.rules.reports.periods import Period
from service.rules.reports.states import State, Verb, move

ACT_OF = {
    Act.REPORT_REVISE: Verb.REVISE,
    Act.REPORT_SIGN_OFF: Verb.SIGN_OFF,
    Act.REPORT_SUBMIT: Verb.SUBMIT,
    Act.REPORT_RETURN: Verb.RETURN,
    Act.REPORT_ACKNOWLEDGE: Verb.ACKNOWLEDGE,
    Act.REPORT_PUBLISH: Verb.PUBLISH,
}


async def _beside(snapshot: Snapshot, rows: Sequence[Row]) -> tuple[dict[UUID, Row], dict[UUID, Row]]:
    """Each report's open draft and its latest version, where the viewer may see them."""
    ids = [row["id"] for row in rows]
    drafts = {each["parent"]: each for each in await snapshot.fetch(db.DRAFTS, ids=ids) if each["is_open"]}
    latest = {each["parent"]: each for each in await snapshot.fetch(db.LATEST_VERSIONS, ids=ids)}
    return drafts, latest


def _state(id: UUID, drafts: Mapping[UUID, Row], latest: Mapping[UUID, Row]) -> State:
    return State(latest[id]["state"]) if id in latest and id not in drafts else State.DRAFT


async def report_states(rows: Sequence[Row], info: strawberry.Info) -> list[State]:
    """Where each report stands, as far as the viewer sees: a draft that is closed to it changes nothing."""
    drafts, latest = await _beside(await info.context.reading(), rows)
    return [_state(row["id"], drafts, latest) for row in rows]


def period_labels(rows: Sequence[Any], info: strawberry.Info) -> list[str]:
    """The period in words."""
    return [Period(row["starts_on"], row["ends_on"]).label for row in rows]


async def external_keys(rows: Sequence[Row], info: strawberry.Info) -> list[str | None]:
    """The reporter's own key of each report, for the reporter."""
    snapshot = await info.context.reading()
    found = {
        each["parent"]: each["external_key"] for each in await snapshot.fetch(db.KEYS, ids=[row["id"] for row in rows])
    }
    return [found.get(row["id"]) for row in rows]


async def version_figures(rows: Sequence[Row], info: strawberry.Info) -> list[list[dict[str, Any]]]:
    """The figures of each version, in the order of its definition."""
    snapshot = await info.context.reading()
    found: dict[UUID, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for each in await snapshot.fetch(db.FIGURES, ids=list(found)):
        found[each["parent"]].append(_shown(each, each["metric_id"]))
    return [_ordered(found[row["id"]]) for row in rows]


def _shown(row: Mapping[str, Any], metric: UUID) -> dict[str, Any]:
    return {
        "metric_id": metric,
        "group": row["group_code"],
        "band": row["band_code"],
        "text": row["text_value"],
        "estimated": row["estimated"],
        **{name: row[name] for name in NUMBERS},
    }


def _ordered(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    places = definitions.places()
    return sorted(figures, key=lambda each: places[each["metric_id"], each["group"], each["band"]])


async def draft_figures(rows: Sequence[Row], info: strawberry.Info) -> list[list[dict[str, Any]]]:
    """The figures of each draft, in the order in which they were given."""
    kinds = await _definitions_of(rows, info)
    return [
        [
            {
                "metric_id": definitions.metric_id(kinds[row["report_id"]], figure.metric),
                "group": figure.group,
                "band": figure.band,
                "text": figure.text,
                "estimated": figure.estimated,
                **{name: getattr(figure, name) for name in NUMBERS},
            }
            for figure in from_json(row["figures"])
        ]
        for row in rows
    ]


async def draft_problems(rows: Sequence[Row], info: strawberry.Info) -> list[list[dict[str, Any]]]:
    """What each draft still lacks before it can be submitted."""
    kinds = await _definitions_of(rows, info)
    return [
        [
            {
                "metric": each.metric,
                "group": each.group,
                "band": each.band,
                "rule": each.rule.value,
                "message": each.message,
            }
            for each in figure_problems(kinds[row["report_id"]], from_json(row["figures"]))
        ]
        for row in rows
    ]


async def _definitions_of(rows: Sequence[Row], info: strawberry.Info) -> dict[UUID, Any]:
    reports = await by_ids(await info.context.reading(), "Report", [row["report_id"] for row in rows])
    known = definitions.by_id()
    return {row["id"]: known[row["definition_id"]] for row in reports if row is not None}


def _can(seat: Row | None, relations: Iterable[Relation], state: State) -> dict[str, bool]:
    known = tuple(relations)
    return {
        act.value.lower(): seat is not None
        and may_by_power(act, Side(seat["side"]), Office(seat["office"]), known)
        and move(state, verb) is not None
        for act, verb in ACT_OF.items()
    }


def _relations(seat: Row | None, report: Row | None) -> frozenset[Relation]:
    return frozenset() if seat is None or report is None else reporter(seat, report)


async def report_acts(rows: Sequence[Row], info: strawberry.Info) -> list[dict[str, bool]]:
    """For each report, what the seat that made it may do now."""
    snapshot = await info.context.reading()
    seat = await acting_seat(snapshot)
    drafts, latest = await _beside(snapshot, rows)
    return [_can(seat, _relations(seat, row), _state(row["id"], drafts, latest)) for row in rows]


async def version_acts(rows: Sequence[Row], info: strawberry.Info) -> list[dict[str, bool]]:
    """For each version, what its reporter or its receivers may do now."""
    snapshot = await info.context.reading()
    seat = await acting_seat(snapshot)
    reports = await by_ids(snapshot, "Report", [row["report_id"] for row in rows])
    received: set[UUID] = set()
    if seat is not None and seat["forum_id"] is not None:
        for each in await snapshot.fetch(db.RECEIVERS, ids=[row["id"] for row in rows]):
            if each["id"] == seat["forum_id"]:
                received.add(each["parent"])
    return [
        _can(
            seat,
            _relations(seat, report) | ({Relation.RECEIVER} if row["id"] in received else set()),
            State(row["state"]),
        )
        for row, report in zip(rows, reports, strict=True)
    ]

"""One issue on its way, by any SQL as partnership_app: what everybody else is tried against.

All of it happens in one transaction, which is rolled back; whoever acts is entered anew in it. `seen` is everything that a
seat can read of every table, so that two worlds can be told apart by nothing that it leaves out.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

from service.access.proofs import enter_proof, now_micros
from service.demo.shapes import NAMESPACE, seat_key
from service.rules.bodies import Office, Side
from tests.walls.ground import (
    NETWORK_CHAIR,
    NETWORK_MEMBER,
    UNREAD,
    Entered,
    Ground,
    forum,
    seat,
)

NETWORK_OFFICER: Final = seat_key("RTD", "race", Side.NETWORK, Office.OFFICER, "race membership officer")
OTHER_MEMBER: Final = seat_key("RTD", "race", Side.NETWORK, Office.MEMBER, "race member 2")
GUARDIAN: Final = seat_key("RTD", "speak-up", Side.INDEPENDENT, Office.GUARDIAN, "guardian")
STAFF_SECRETARY: Final = seat_key("RTD", "jnc", Side.STAFF, Office.SECRETARY, "jnc staff secretary")
MANAGEMENT_SECRETARY: Final = seat_key("RTD", "jnc", Side.MANAGEMENT, Office.SECRETARY, "jnc management secretary")
RAISER, RECIPIENT = NETWORK_MEMBER, NETWORK_CHAIR
RACE, JNC, SAFETY, SPEAK_UP = (forum(f"RTD/{key}") for key in ("race", "jnc", "safety", "speak-up"))
LATER: Final = date(2100, 1, 1)


def id_of(word: str) -> UUID:
    """The id that a row of this name has in every world."""
    return uuid5(NAMESPACE, f"carried {word}")


def hash_of(text: str) -> str:
    """What a consent is given to."""
    return sha256(text.encode()).hexdigest()


@dataclass
class Carried:
    """The open transaction, and who is in it."""

    ground: Ground
    people: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)

    @property
    def entered(self) -> Entered:
        """Whoever was entered last."""
        return Entered(self.ground.app)

    async def as_(self, key: str, *, merge: bool = False) -> Entered:
        """The holder of a seat, in it, or in all of theirs at once."""
        if key not in self.people:
            row = await self.ground.admin.fetchrow(
                "select a.id, s.id as seat from graph.seat s join access.account a on a.person_id = s.person_id"
                " where s.id = $1 and not a.own_only", seat(key))  # fmt: skip
            assert row is not None, key
            self.people[key] = (row["id"], row["seat"])
        who, chosen = self.people[key]
        await self.enter(who, None if merge else chosen, merge=merge)
        return self.entered

    async def enter(self, who: UUID, chosen: UUID | None, *, merge: bool = False) -> None:
        """An account, in a seat, in none or in all."""
        app, made = self.ground.app, now_micros()
        proof = enter_proof(self.ground.key, who, chosen, merge, app.get_server_pid(), made)
        await app.execute("select * from access.enter($1, $2, $3, $4, $5)", who, chosen, merge, made, proof)

    async def do(self, call: str, *arguments: Any) -> Any:
        """Call one of the definer functions, as whoever is in."""
        return await self.ground.app.fetchval(f"select access.{call}", *arguments)

    async def raised(
        self, word: str, key: str, mode: str, forum_id: UUID = RACE, channel: str = "OFFICERS", *,
        recipient: str | None = None, people: Sequence[UUID] = (), offices: Sequence[tuple[UUID, str, str]] = (),
    ) -> Any:  # fmt: skip
        """Somebody raises an issue: `{word}`, in the rooms `{word} room`, `{word} own` and `{word} identity`."""
        await self.as_(key)
        return await self.do(RAISE, *raising(word, mode, forum_id, channel, recipient, people, offices))

    async def drafted(
        self, word: str, key: str, route: str, to: UUID, *, issue: str | None = None, previous: str | None = None
    ) -> None:
        """A step from an issue or from another step, by who holds it: `{word}`, in `{word} room` and `{word} content`."""
        await self.as_(key)
        await self.do(OPEN, *opening(word, route, to, issue, previous))

    async def consented(self, word: str, key: str) -> Any:
        """Consent to exactly what was written."""
        await self.as_(key)
        return await self.do(CONSENT, *consenting(word))

    async def sent(self, word: str, by: str, consenting: str, route: str, to: UUID, **of: str | None) -> None:
        """A step drafted, and consented to."""
        await self.drafted(word, by, route, to, **of)
        assert await self.consented(word, consenting) is None

    async def moved(self, word: str, key: str, state: str) -> None:
        """Its receiver moves a step."""
        entered = await self.as_(key)
        done = await entered.connection.execute(
            "update graph.escalation_step set state = $2, revision = revision + 1 where id = $1", id_of(word), state
        )
        assert done == "UPDATE 1", (word, key, done)

    async def said(self, key: str, room: str, table: str, **given: str) -> None:
        """A row that somebody writes with plain SQL."""
        entered = await self.as_(key)
        await entered.connection.execute(self.ground.table(table).insert(room_id=f"'{id_of(room)}'", **given))

    async def seen(self, key: str | None = None, *, merge: bool = False) -> dict[str, list[str]]:
        """Every row of every table that a seat reads, and what it is told of itself."""
        entered = self.entered if key is None else await self.as_(key, merge=merge)
        found = {}
        for table in self.ground.tables:
            if table.may_read and table.name not in UNREAD:
                rows = await entered.connection.fetch(
                    f"select t::text as row from (select {columns(table)} from {table.name}) t"
                )
                found[table.name] = sorted(row["row"] for row in rows)
        settings = "select current_setting('app.rooms'), current_setting('app.barred'), current_setting('app.person')"
        found["settings"] = [str(tuple(row)) for row in await entered.connection.fetch(settings)]
        found["routes"] = [
            str(tuple(row)) for place in ((RACE, "OFFICERS"), (JNC, "JOINT"), (JNC, "STAFF_SIDE"), (JNC, "MANAGEMENT_SIDE"))
            for row in await entered.connection.fetch("select * from access.routes_from($1, $2)", *place)
        ]  # fmt: skip
        return found


def columns(table: Any) -> str:
    """All columns that may be read, by name."""
    return ", ".join(column.name for column in table.columns if column.name != "code_hash")


RAISE: Final = (
    "issue_raise($1, $2, $3, $4, $5, $6, $7, 'POLICY', 'FORMAL', $8, 'b', 'e', $8 = 'OFFICE', $9, $10, $11, $12, $13)"
)
OPEN: Final = "step_open($1, $2, $3, $4, $5, $6, $7, $8, $9, 'POLICY', $10)"
CONSENT: Final = "consent_give($1, $2, $3, $4, $4, $5, $6)"
WITHDRAW: Final = "consent_withdraw($1, $2)"


def raising(
    word: str, mode: str, forum_id: UUID = RACE, channel: str = "OFFICERS", recipient: str | None = None,
    people: Sequence[UUID] = (), offices: Sequence[tuple[UUID, str, str]] = (),
) -> tuple[Any, ...]:  # fmt: skip
    """What RAISE is called with."""
    return (
        id_of(word), id_of(f"{word} room"), id_of(f"{word} own"), id_of(f"{word} identity"), id_of(f"{word} raiser"), forum_id, channel,
        mode, None if recipient is None else seat(recipient), list(people), [each[0] for each in offices],
        [each[1] for each in offices], [each[2] for each in offices],
    )  # fmt: skip


def opening(word: str, route: str, to: UUID, issue: str | None = None, previous: str | None = None) -> tuple[Any, ...]:
    """What OPEN is called with."""
    return (
        id_of(word), id_of(f"{word} room"), id_of(f"{word} content"), None if issue is None else id_of(issue),
        None if previous is None else id_of(previous), [id_of(f"{word} trail"), id_of(f"{word} trail 2")], id_of(f"{word} summary"), route, to,
        f"The words of {word}",
    )  # fmt: skip


def consenting(word: str) -> tuple[Any, ...]:
    """What CONSENT is called with."""
    return (
        id_of(word),
        id_of(f"{word} consent"),
        hash_of(f"The words of {word}"),
        LATER,
        id_of(f"{word} notice"),
        id_of(f"{word} event"),
    )


@asynccontextmanager
async def carried(ground: Ground) -> AsyncIterator[Carried]:
    """An empty transaction, in which things can be carried."""
    async with ground.nobody():
        yield Carried(ground)


@asynccontextmanager
async def carried_to_the_jnc(ground: Ground, mode: str = "CONFIDENTIAL") -> AsyncIterator[Carried]:
    """The network member's issue, whose first step lies with the JNC and whose second is drafted for the staff side."""
    async with carried(ground) as under_way:
        await under_way.raised("issue", RAISER, mode, recipient=RECIPIENT if mode == "CONFIDENTIAL" else None)
        await under_way.sent("first", NETWORK_OFFICER, RAISER, "NETWORK_TO_JNC", JNC, issue="issue")
        await under_way.drafted("second", NETWORK_OFFICER, "NETWORK_TO_JNC_STAFF_SIDE", JNC, issue="issue")
        yield under_way

"""Mail: what happens where one may not look sends none and changes no byte; what is sent says nothing but that it came."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.access.viewer import Doorway
from service.delivery.mail import Mail
from service.delivery.smtp import Answer, Links, Relay, letter, send
from service.resolvers.context import Keys
from service.resolvers.mail_marks import link_of, link_token
from service.rules.calendar import ENGLAND, england_day
from service.rules.mail import SUBJECT
from tests.delivery.relay import Inbox, Taken, taking
from tests.journeys.stage import done
from tests.plugins.service import Person, World, running

LINKS = Links("https://portal.example.org/", "https://graph.example.org")
SENDER = "partnership@mail.example.org"
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "MIME-Version",
    "Content-Type", "Content-Transfer-Encoding",
]  # fmt: skip


def next_tuesday() -> datetime:
    """Half a minute after the next steady mail on a Tuesday."""
    day = england_day(datetime.now(UTC)) + timedelta(days=1)
    while day.weekday() != 1:
        day += timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), tzinfo=ENGLAND).replace(hour=9, second=30).astimezone(UTC)


@dataclass
class Post:
    """A world's mail: a relay, and workers whose clock the test turns."""

    world: World
    doorway: Doorway
    inbox: Inbox
    clock: list[datetime] = field(default_factory=lambda: [datetime.now(UTC)])

    def worker(self, doorway: Doorway | None = None, **more: Any) -> Mail:
        relay = Relay("127.0.0.1", self.inbox.port, SENDER, "none")
        key = Keys.derived(self.world.settings.key).mail
        return Mail(doorway or self.doorway, key, relay, LINKS, now=lambda: self.clock[0], **more)

    async def work(self, worker: Mail | None = None, *, again: bool = True) -> None:
        """Look at everything, as if its time had come; with `again` also at what is to be tried again."""
        async with self.world.admin() as db:
            await db.execute("update access.mail_preference set look_at = now() where lease is null")
            if again:
                await db.execute("update access.mail_outgoing set due_at = now() where state = 'PENDING'")
        worker = worker or self.worker()
        while await worker.look():
            await worker.settled()

    async def confirmed(self, person: Person, cadence: str = "STEADY") -> str:
        """A new address of somebody's, which they asked for mail to and confirmed by its code; their past is noted."""
        address = f"{uuid4().hex}@example.org"
        await done(person, "mailPreferenceSet", "set", address=address, cadence=cadence, understood=True)
        await self.work()
        (mail,) = self.inbox.to(address)
        (code,) = re.findall(r"^[A-Z2-7]{16}\r?$", mail.text, re.M)
        await done(person, "mailAddressConfirm", "confirmed", code=code.strip())
        self.inbox.taken.clear()
        await self.work()
        assert self.inbox.to(address) == []
        return address


@pytest.fixture
async def post(fresh_world: World) -> AsyncIterator[Post]:
    async with fresh_world.doorway() as doorway, taking() as inbox:
        yield Post(fresh_world, doorway, inbox)


async def in_a_body(world: World, subject: str) -> Person:
    person = world.as_(subject)
    return person.acting_as(next(seat["id"] for seat in await person.seats() if seat["forumName"]))


async def body_of(world: World, subject: str) -> UUID:
    person = await in_a_body(world, subject)
    async with world.admin() as db:
        found: UUID = await db.fetchval(
            "select s.forum_id from graph.seat s where s.id = $1", _uuid(person.seat))  # fmt: skip
    return found


def _uuid(given: str | None) -> UUID:
    from service.resolvers.ids import parts

    assert given is not None
    found = parts(given)
    assert found is not None
    return found[1]


async def engaged(world: World, body: UUID) -> tuple[list[UUID], list[UUID]]:
    """The open consultations to which a body was asked, and the other open ones."""
    async with world.admin() as db:
        rows = await db.fetch(
            "select c.id, exists (select from graph.consultee k where k.consultation_id = c.id and k.forum_id = $1) as asked,"
            " exists (select from graph.consultee k where k.consultation_id = c.id) as of_any"
            " from graph.consultation c where c.stored_state = 'OPEN' order by c.id", body)  # fmt: skip
    return [row["id"] for row in rows if row["asked"]], [row["id"] for row in rows if not row["asked"]]


async def move_closing(world: World, *ids: UUID, to: datetime) -> None:
    async with world.admin() as db:
        await db.execute("update graph.consultation set closes_at = $2 where id = any($1)", ids, to)
        await db.execute("update graph.consultee set extended_to = null where consultation_id = any($1)", ids)


async def standing(world: World) -> dict[str, Any]:
    """All that is kept of mail, but for whose turn it is."""
    async with world.admin() as db:
        rows = {
            table: [
                tuple(row) for row in await db.fetch(f"select {columns}, xmin::text from access.{table} order by 1, 2")
            ]
            for table, columns in {"mail_told": "*", "mail_outgoing": "*"}.items()
        }
        kept = "id, account_id, state, cadence, address, address_mark, code_number, code_until, codes, since, noted, day_slot, revision"
        rows["mail_preference"] = [
            tuple(row) for row in await db.fetch(f"select {kept} from access.mail_preference order by 1")
        ]
    return rows


# What one may not see -----------------------------------------------------------------------------------------------------


async def test_A29_what_happens_where_one_may_not_look_sends_no_mail_and_changes_no_byte(post: Post) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    asked, others = await engaged(world, await body_of(world, "network-member"))
    assert asked
    far, soon = datetime.now(UTC) + timedelta(days=40), datetime.now(UTC) + timedelta(days=2)
    await move_closing(world, *asked, *others, to=far)
    address = await post.confirmed(member, "AT_ONCE")
    before = await standing(world)
    async with world.admin() as db:
        hidden = [row["id"] for row in await db.fetch(
            "select c.id from graph.consultation c where not exists (select from graph.consultee k where k.consultation_id = c.id and k.forum_id = $1)",
            await body_of(world, "network-member"))]  # fmt: skip
        assert hidden
        issues = await db.execute(
            "update graph.issue set state = 'CLOSED', revision = revision + 1 where room_id not in ("
            " select d.into_room from graph.door d join graph.seat s on d.from_room = s.personal_room where s.person_id = (select person_id from graph.seat where id = $1))"
            " and forum_id <> $2", _uuid(member.seat), await body_of(world, "network-member"))  # fmt: skip
        assert issues != "UPDATE 0"
        await db.execute(
            "update graph.consultation set stored_state = 'OPEN', closes_at = $2 where id = any($1)", hidden, soon
        )
        await db.execute("update graph.outcome set revision = revision + 1 where consultation_id = any($1)", hidden)
    for _ in range(3):
        await post.work()
    assert await standing(world) == before
    assert post.inbox.taken == []
    await move_closing(world, asked[0], to=soon)
    await post.work()
    assert len(post.inbox.to(address)) == 1  # the control
    assert await standing(world) != before


async def test_A29_the_steady_mail_is_the_same_with_news_and_without(post: Post) -> None:
    world = post.world
    people = [await in_a_body(world, subject) for subject in ("network-member", "fellow-member", "management-chair")]
    addresses = [await post.confirmed(person) for person in people]
    asked, _ = await engaged(world, await body_of(world, "network-member"))
    post.clock[0] = next_tuesday()
    await move_closing(world, *asked, to=post.clock[0] + timedelta(days=1))
    for _ in range(2):
        await post.work()
    mails = [mail for address in addresses for mail in post.inbox.to(address)]
    assert len(mails) == len(post.inbox.taken) == 3
    assert len({len(mail.raw) for mail in mails}) == 1
    assert len({neutral(mail) for mail in mails}) == 1
    async with world.admin() as db:
        assert await db.fetchval("select count(*) from access.mail_told") == 0, "nobody was even looked at"
    post.inbox.taken.clear()
    post.clock[0] += timedelta(days=1)
    await post.work()
    assert post.inbox.taken == []
    post.clock[0] += timedelta(days=2)
    await post.work()
    assert sorted(mail.recipients[0] for mail in post.inbox.taken) == sorted(addresses)


def neutral(mail: Taken) -> str:
    """A mail without what must differ: to whom, when, its random name and the link that ends it."""
    text = mail.raw.decode()
    for differs in (r"^To: .*$", r"^Date: .*$", r"^Message-ID: <[0-9a-f]{32}@", r"/mail/unsubscribe/[\w-]+"):
        text = re.sub(differs, "", text, flags=re.M)
    return text


async def test_A29_every_mail_has_the_same_subject_and_names_nothing(post: Post) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    asked, _ = await engaged(world, await body_of(world, "network-member"))
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=40))
    address = await post.confirmed(member, "AT_ONCE")
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=1))
    await post.work()
    (mail,) = post.inbox.to(address)
    parsed = mail.parsed
    assert parsed.keys() == HEADERS
    assert parsed["Subject"] == SUBJECT
    assert (parsed["From"], parsed["To"], mail.sender) == (SENDER, address, SENDER)
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<[0-9a-f]{32}@mail\.example\.org>", parsed["Message-ID"])
    assert abs(datetime.now(UTC) - parsed["Date"].datetime) < timedelta(minutes=2)
    assert post.inbox.greeted[-1] == "mail.example.org"
    async with world.admin() as db:
        names = [row[0] for row in await db.fetch(
            "select local_name from graph.forum union select title from graph.consultation union select display_name from graph.person"
            " union select name from graph.organisation")]  # fmt: skip
    text = mail.raw.decode().lower()
    assert not [name for name in names if name.lower() in text]
    assert not re.search(r"network|side|consultation|issue|union|race|[^0-9a-z]\d+ (things|news)", text)
    links = {word for word in mail.text.split() if "://" in word}
    assert links == {LINKS.portal, mail.link}


# What one may ------------------------------------------------------------------------------------------------------------


async def test_what_stood_when_one_asked_is_no_news_and_what_is_told_is_told_once(post: Post) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    asked, _ = await engaged(world, await body_of(world, "network-member"))
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=40))
    address = await post.confirmed(member, "AT_ONCE")
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=1))
    for _ in range(3):
        await post.work()
    assert len(post.inbox.to(address)) == 1
    # extended, it is soon again later: in the same quarter of an hour nothing more is sent, in the next it is
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=1, hours=1))
    await post.work()
    assert len(post.inbox.to(address)) == 1
    post.clock[0] += timedelta(minutes=15)
    for _ in range(2):
        await post.work()
    assert len(post.inbox.to(address)) == 2


async def test_daily_comes_at_nine_on_days_with_news_alone(post: Post) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    asked, _ = await engaged(world, await body_of(world, "network-member"))
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=90))
    address = await post.confirmed(member, "DAILY")
    post.clock[0] = next_tuesday()
    await post.work()
    assert post.inbox.to(address) == []
    post.clock[0] += timedelta(hours=3)
    await move_closing(world, *asked, to=post.clock[0] + timedelta(days=2))
    post.clock[0] += timedelta(hours=20, minutes=50)
    post.clock[0] += timedelta(minutes=20)
    for _ in range(2):
        await post.work()
    assert len(post.inbox.to(address)) == 1


async def test_F9_of_an_issue_mail_at_once_waits_for_nine(post: Post) -> None:
    """Its own times are days: an hour would tell who was at work."""
    world = post.world
    chair = await in_a_body(world, "network-chair")
    address = await post.confirmed(chair, "AT_ONCE")
    await issue_changes(world, await body_of(world, "network-chair"), "ANSWERED")
    nine = next_tuesday()
    for moment in (nine - timedelta(minutes=1), nine + timedelta(minutes=20)):
        post.clock[0] = moment
        await post.work()
        assert post.inbox.to(address) == []
    post.clock[0] = nine + timedelta(days=1)
    for _ in range(2):
        await post.work()
    assert len(post.inbox.to(address)) == 1
    # just after the look at nine is a minute that would tell: another address would be mailed in this very quarter
    await issue_changes(world, await body_of(world, "network-chair"), "RETURNED")
    async with world.admin() as db:
        await db.execute("delete from access.mail_outgoing")
    post.clock[0] += timedelta(minutes=2)
    await post.work()
    assert len(post.inbox.to(address)) == 1
    post.clock[0] += timedelta(days=1)
    await post.work()
    assert len(post.inbox.to(address)) == 2


async def issue_changes(world: World, body: UUID, state: str) -> None:
    """The first issue of a body's officers comes to stand elsewhere."""
    async with world.admin() as db:
        changed = await db.fetchval(
            "update graph.issue set state = $2, revision = revision + 1 where id = (select i.id from graph.issue i"
            " where i.forum_id = $1 and i.channel = 'OFFICERS' and i.ended_on is null order by i.id limit 1) returning id", body, state)  # fmt: skip
    assert changed is not None


async def test_one_address_is_mailed_once_however_many_seats_and_sign_ins_it_has(post: Post) -> None:
    world = post.world
    dual = world.as_("dual-role")
    seats = [dual.acting_as(seat["id"]) for seat in await dual.seats()]
    assert len(seats) > 1
    address = await post.confirmed(seats[0])
    await done(seats[-1], "mailPreferenceSet", "set", cadence="STEADY")
    other = await in_a_body(world, "management-chair")
    await post.confirmed(other)
    async with world.admin() as db:  # the same address, of another account
        await db.execute(
            "update access.mail_preference m set address_mark = (select x.address_mark from access.mail_preference x where x.id <> m.id)"
            " where m.id = (select y.id from access.mail_preference y order by y.id limit 1)")  # fmt: skip
    post.clock[0] = next_tuesday()
    for _ in range(2):
        await post.work()
    assert len(post.inbox.taken) == 1
    assert address


async def test_a_seat_that_ended_is_told_of_nothing_and_who_holds_none_is_not_mailed(post: Post) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    asked, _ = await engaged(world, await body_of(world, "network-member"))
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=40))
    address = await post.confirmed(member, "AT_ONCE")
    async with world.admin() as db:
        await db.execute("update graph.seat set ends_at = now() where id = $1", _uuid(member.seat))
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=1))
    await post.work()
    assert post.inbox.to(address) == []
    async with world.admin() as db:
        await db.execute("update graph.seat s set ends_at = now() where s.person_id = (select person_id from graph.seat where id = $1)", _uuid(member.seat))  # fmt: skip
        await db.execute("update access.mail_preference set cadence = 'STEADY'")
    post.clock[0] = next_tuesday()
    await post.work()
    assert post.inbox.taken == []


# Whatever is cut short ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["before it is kept", "as it is kept", "before it is sent", "after it was taken"])
async def test_news_is_mailed_wherever_the_worker_is_killed(
    post: Post, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    asked, _ = await engaged(world, await body_of(world, "network-member"))
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=40))
    address = await post.confirmed(member, "AT_ONCE")
    await move_closing(world, *asked, to=datetime.now(UTC) + timedelta(days=1))
    dying = post.worker()

    async def die(*_: Any, **__: Any) -> Any:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        match point:
            case "before it is kept":
                patched.setattr(dying, "_notices", die)
            case "as it is kept":
                patched.setattr("service.db.mail.gathered", die)
            case "before it is sent":
                patched.setattr(dying, "_send_one", die)
            case _:
                patched.setattr("service.db.mail.recorded", die)
        await dying_works(post, dying)
    async with world.admin() as db:  # its lease runs out
        assert await db.fetchval("select count(*) from access.mail_preference where lease is not null") == 1
        await db.execute("update access.mail_preference set leased_until = now(), lease = null")
    for _ in range(2):
        await post.work()
    found = post.inbox.to(address)
    assert len(found) == (2 if point == "after it was taken" else 1)
    assert len({mail.parsed["Message-ID"] for mail in found}) == 1


async def dying_works(post: Post, worker: Mail) -> None:
    """One look of a worker that does not come through it."""
    async with post.world.admin() as db:
        await db.execute("update access.mail_preference set look_at = now()")
    await worker.look()
    await worker.settled()


async def test_two_replicas_mail_each_once(post: Post) -> None:
    world = post.world
    people = [
        await in_a_body(world, subject)
        for subject in ("network-member", "fellow-member", "management-chair", "staff-side-chair")
    ]
    addresses = [await post.confirmed(person) for person in people]
    post.clock[0] = next_tuesday()
    async with world.doorway() as another:
        await asyncio.gather(post.work(post.worker()), post.work(post.worker(another)))
    assert sorted(mail.recipients[0] for mail in post.inbox.taken) == sorted(addresses)


async def test_a_mail_that_the_relay_does_not_take_now_is_tried_again_under_the_same_name(post: Post) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    address = await post.confirmed(member)
    post.clock[0] = next_tuesday()
    tried: list[bytes] = []

    async def failing(relay: Relay, recipient: str, message: bytes) -> Answer:
        tried.append(message)
        return Answer("AGAIN", 451)

    await post.work(post.worker(deliver=failing))
    await post.work(post.worker(deliver=failing), again=False)
    assert len(tried) == 1  # it waits
    await post.work()
    (mail,) = post.inbox.to(address)
    assert f"Message-ID: {mail.parsed['Message-ID']}".encode() in tried[0]
    # a steady mail that could not be sent for half a day is left out
    post.inbox.taken.clear()
    post.clock[0] += timedelta(days=3)
    await post.work(post.worker(deliver=failing))
    async with world.admin() as db:
        await db.execute(
            "update access.mail_outgoing set made_at = now() - interval '12 hours 1 minute' where state = 'PENDING'"
        )
    await post.work()
    assert post.inbox.taken == []


@pytest.mark.parametrize(
    "said, state",
    [
        ("550 5.1.1 No such user", "REFUSED"),
        ("550 5.7.1 Relaying denied", "CONFIRMED"),
        ("450 4.2.0 Greylisted", "CONFIRMED"),
    ],
)
async def test_an_address_that_is_refused_for_good_is_shown_so_to_its_person_alone(
    post: Post, said: str, state: str
) -> None:
    member = await in_a_body(post.world, "network-member")
    address = await post.confirmed(member)
    post.inbox.answers[address] = said
    post.clock[0] = next_tuesday()
    await post.work()
    mine = (await member.ask("{ viewer { mailPreference { address state cadence confirmBy } } }")).data["viewer"]
    assert mine["mailPreference"] == {"address": address, "state": state, "cadence": "STEADY", "confirmBy": None}
    post.inbox.answers.clear()
    await post.work()
    assert len(post.inbox.to(address)) == (0 if state == "REFUSED" else 1)


async def test_where_the_services_secret_is_another_mail_is_off(post: Post) -> None:
    member = await in_a_body(post.world, "network-member")
    await post.confirmed(member)
    post.clock[0] = next_tuesday()
    relay = Relay("127.0.0.1", post.inbox.port, SENDER, "none")
    await post.work(Mail(post.doorway, b"another" * 5, relay, LINKS, now=lambda: post.clock[0]))
    assert post.inbox.taken == []
    assert (await member.ask("{ viewer { mailPreference { state } } }")).data["viewer"]["mailPreference"] is None


# The link that ends it ---------------------------------------------------------------------------------------------------


async def test_the_link_ends_mail_by_a_post_alone_and_answers_every_link_alike(post: Post) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    address = await post.confirmed(member)
    post.clock[0] = next_tuesday()
    await post.work()
    (mail,) = post.inbox.to(address)
    assert mail.link.startswith("https://graph.example.org/mail/unsubscribe/")
    good = mail.link.rpartition("/")[2]
    key = Keys.derived(world.settings.key).mail
    found = link_of(key, good)
    assert found is not None
    links = [good, "x", good[:-2] + "AA", "A" * len(good), "%00", link_token(b"another key", *found), link_token(key, uuid4(), found[1]),
             link_token(key, found[0], bytes(32))]  # fmt: skip
    urls = [f"{world.base}/mail/unsubscribe/{each}" for each in links]
    shown = [await world.http.get(url) for url in urls]
    assert len({(each.status_code, each.content) for each in shown}) == 1
    assert shown[0].status_code == 200
    assert "form-action 'self'" in shown[0].headers["content-security-policy"]
    assert good not in shown[0].text

    async def state() -> Any:
        mine = (await member.ask("{ viewer { mailPreference { state } } }")).data["viewer"]["mailPreference"]
        return mine and mine["state"]

    assert await state() == "CONFIRMED"  # a GET does nothing
    answers = [await world.http.post(url, data={"List-Unsubscribe": "One-Click"}) for url in urls[1:]]
    assert await state() == "CONFIRMED"
    answers.append(await world.http.post(urls[0], data={"List-Unsubscribe": "One-Click"}))
    assert await state() is None
    answers.append(await world.http.post(urls[0]))
    assert len({(each.status_code, each.content) for each in answers}) == 1
    assert {name: value for name, value in answers[0].headers.items() if name not in ("x-request-id", "date")} == {
        name: value for name, value in answers[-2].headers.items() if name not in ("x-request-id", "date")
    }
    async with world.admin() as db:
        (row,) = await db.fetch("select * from access.mail_preference")
        assert (row["address"], row["address_mark"]) == (None, None)
    post.inbox.taken.clear()
    post.clock[0] += timedelta(days=3)
    await post.work()
    assert post.inbox.taken == []


async def test_the_link_of_an_address_that_one_left_ends_nothing(post: Post) -> None:
    world = post.world
    member = await in_a_body(world, "network-member")
    old = await post.confirmed(member)
    post.clock[0] = next_tuesday()
    await post.work()
    (mail,) = post.inbox.to(old)
    post.clock[0] = datetime.now(UTC)
    await post.confirmed(member)
    await world.http.post(f"{world.base}{mail.link.removeprefix('https://graph.example.org')}")
    mine = (await member.ask("{ viewer { mailPreference { state } } }")).data["viewer"]["mailPreference"]
    assert mine == {"state": "CONFIRMED"}


# The relay ---------------------------------------------------------------------------------------------------------------

MESSAGE = letter(Relay("h", 25, SENDER, "none"), LINKS, uuid4(), "a@example.org", "t", datetime.now(UTC))


async def test_nothing_is_said_to_a_relay_without_tls_where_tls_is_asked_for() -> None:
    async with taking() as inbox:
        answer = await send(
            Relay("127.0.0.1", inbox.port, SENDER, "starttls", "user", "secret"), "a@example.org", MESSAGE
        )
        assert answer.became == "AGAIN"
        answer = await send(Relay("127.0.0.1", inbox.port, SENDER, "tls"), "a@example.org", MESSAGE, seconds=3)
        assert answer.became == "AGAIN"
        assert inbox.taken == []


def certificate(directory: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A relay's side and a sender's side of TLS, with a certificate of its own for this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "both.pem").write_bytes(pem + plain)
    serving, trusting = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    serving.load_cert_chain(directory / "both.pem")
    trusting.load_verify_locations(cadata=pem.decode())
    return serving, trusting


async def test_mail_goes_by_starttls_to_a_relay_whose_certificate_is_believed_and_to_no_other(tmp_path: Path) -> None:
    for name, trusts, became in (
        ("localhost", True, "SENT"),
        ("localhost", False, "AGAIN"),
        ("elsewhere.example", True, "AGAIN"),
    ):
        serving, trusting = certificate(tmp_path, name)
        async with taking(serving, require_starttls=True) as inbox:
            relay = Relay("localhost", inbox.port, SENDER, "starttls", trusted=trusting if trusts else None)
            answer = await send(relay, "a@example.org", MESSAGE)
            assert answer.became == became, answer
            assert len(inbox.taken) == (became == "SENT")


async def test_the_running_service_mails_a_code_and_then_nothing_before_its_day(fresh_world: World) -> None:
    async with taking() as inbox:
        settings = fresh_world.settings.model_copy(update={"delivers": True, "smtp_port": inbox.port})
        serving = replace(fresh_world, settings=settings, http=httpx2.AsyncClient(timeout=30))
        async with running(serving) as world:
            member = await in_a_body(world, "network-member")
            await done(member, "mailPreferenceSet", "set", address="member@example.org")
            async with asyncio.timeout(20):
                while not inbox.taken:
                    await asyncio.sleep(0.1)
            (code,) = re.findall(r"^[A-Z2-7]{16}", inbox.taken[0].text, re.M)
            await done(member, "mailAddressConfirm", "confirmed", code=code)
            await asyncio.sleep(3)
            assert len(inbox.taken) == 1
            assert inbox.taken[0].link.startswith("https://graph.example.org/mail/unsubscribe/")


async def test_what_was_taken_is_sent_though_the_relay_says_no_good_bye() -> None:
    async with taking() as inbox:
        answer = await send(Relay("127.0.0.1", inbox.port, SENDER, "none"), "a@example.org", MESSAGE)
        assert answer.became == "SENT"
        assert [mail.raw for mail in inbox.taken] == [MESSAGE]


async def test_a_relay_that_hangs_or_is_not_there_is_for_another_time() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        answer = await send(Relay("127.0.0.1", port, SENDER, "none"), "a@example.org", MESSAGE, seconds=0.3)
        assert answer.became == "AGAIN"
    assert (await send(Relay("127.0.0.1", port, SENDER, "none"), "a@example.org", MESSAGE)).became == "AGAIN"


async def test_C13_nobody_learns_of_mail_without_the_services_proof(post: Post) -> None:
    some = "gen_random_uuid()"
    calls = [
        f"mail_own({some}, 1, 'x')", f"mail_set({some}, {some}, 'STEADY', 'x', 'x', now(), 9, {some}, 1, 'x')", f"mail_off({some}, {some}, 1, 'x')",
        f"mail_confirm({some}, 1, 1, 'x')", f"mail_unsubscribe({some}, 'x', 1, 'x')", f"mail_turns(9, 9, {some}, 1, 'x')",
        f"mail_gathered({some}, {some}, 1, {some}, 'x', false, null, null, 1, 'x')", f"mail_due({some}, {some}, 1, 'x')",
        f"mail_recorded({some}, {some}, {some}, 'SENT', 1, 1, 'x')", f"mail_lost({some}, {some}, 1, 'x')", f"mail_freed({some}, {some}, 1, 1, 1, 'x')",
        "mail_pruned(1, 'x')",
    ]  # fmt: skip
    async with post.doorway.pool.acquire() as connection:
        for call in calls:
            with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
                await connection.execute(f"select access.{call}")
        for table in ("mail_preference", "mail_told", "mail_outgoing"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"select from access.{table}")
        for helper in ("mail_silence(gen_random_uuid(), 'OFF')", f"mail_row({some}, {some})", "mail_proven(1, 'x')"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"select access.{helper}")

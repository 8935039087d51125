"""Walls with one stone out: every row policy and every refusal of a definer function, each loosened by itself."""

import re
from dataclasses import dataclass
from typing import Any, Final

from tests.walls.ground import APP, PUBLIC, Connection

POLICIES: Final = f"""
    select schemaname || '.' || tablename as t, policyname, permissive, cmd, qual, with_check from pg_catalog.pg_policies
     where schemaname in ('graph', 'access') and ('{APP}' = any (roles) or 'public' = any (roles)) order by t, policyname"""
FUNCTIONS: Final = """
    select p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as text
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'access' order by signature"""
REFUSAL: Final = "perform access.refuse()"
# What else stands in the functions that decide: the words taken out, and what is put in their place.
WEAKENED: Final = (
    (
        "access.sealed()",
        "coalesce(current_setting('app.seal', true) = encode",
        "coalesce(true or current_setting('app.seal', true) = encode",
    ),
    ("access.sealed()", "current_setting('app.rooms', true),", "'{}',"),
    ("access.sealed()", "current_setting('app.barred', true), ", ""),
    ("access.sealed()", "current_setting('app.person', true),", "''::text,"),
    ("access.sealed()", "current_setting('app.seat', true),", "''::text,"),
    ("access.check_proof", "p_proof is distinct from access.sign(p_said)", "false"),
    ("access.check_proof", "> 30000000", "> 30000000000000"),
    ("access.held", "and a.closed_at > now()", ""),
    ("access.held", "and now() >= s.starts_at", ""),
    ("access.held", "and now() < s.ends_at", ""),
    ("access.held", "and (s.issuer is null or s.issuer = a.issuer)", ""),
    ("access.own_seats()", "and (s.issuer is null or s.issuer = access.issuer())", ""),
    ("access.own_seats()", "and now() >= s.starts_at and now() < s.ends_at", ""),
    ("access.identify", "and a.closed_at > now()", ""),
    ("access.enter", "when p_seat is not null then h.id = p_seat", "when p_seat is not null then true"),
    ("access.enter", "else h.seats = 1 or (h.offices = 1 and h.office <> 'EMPLOYEE') end", "else true end"),
    ("access.enter", "where b.person_id = v_person and exists", "where false and exists"),
    ("access.enter", "where b.person_id = v_person and exists", "where b.person_id = v_person or exists"),
    ("access.enter", "and d.from_room = any (v_rooms)", ""),
    ("access.enter", "p_account, p_seat, p_merge, pg_backend_pid(), p_made", "p_account, p_seat, p_merge, p_made"),
    ("access.opens", "d.from_room = any (access.rooms())", "true"),
    ("access.opens", "and (d.may_write or not p_write)", ""),
    ("access.open_case", "not p_from = any (access.rooms())", "false"),
    ("access.open_case", "(p_beside is not null and not access.opens(p_beside, false))", "false"),
    ("access.admit", "and access.opens(f.room_id, false)", ""),
    ("access.admit", "not access.opens(p_into, true)", "false"),
    ("access.admit", "not exists (select from graph.room r where r.id = p_into and r.purpose = 'CASE')", "false"),
    ("access.recuse", "and access.opens(c.room_id, false)", ""),
    ("access.granting_room", "and r.id = any (access.rooms())", ""),
    ("access.granting_room", "r.purpose = any (o.granted_by)", "true"),
    ("access.seat_grant", "and access.opens(f.room_id, false)", ""),
    ("access.seat_grant", "access.granting_room(p_forum, v_organisation, p_side, p_office) is null", "false"),
    ("access.seat_grant", "and access.opens(s.room_id, false)", ""),
    ("access.seat_end", "v_seat.person_id = access.person()", "true"),
    ("access.seat_end", "and v_seat.office <> 'EMPLOYEE'", ""),
    ("access.seat_end", "and (v_seat.issuer is null or v_seat.issuer = access.issuer())", ""),
    (
        "access.seat_end",
        "and access.granting_room(v_seat.forum_id, v_seat.organisation_id, v_seat.side, v_seat.office) is not null",
        "",
    ),
    ("access.seat_end", "least(s.ends_at, greatest(p_at, now()))", "greatest(p_at, now())"),
    ("access.membership_join", "and access.opens(f.room_id, false)", ""),
    ("access.membership_join", "and f.kind = 'STAFF_NETWORK'", ""),
    ("access.membership_decide", "not v.room_id = any (access.rooms())", "false"),
    ("access.membership_decide", "v.state <> 'PENDING'", "false"),
    ("access.invitation_issue", "and access.opens(f.room_id, false)", ""),
    ("access.invitation_issue", "access.granting_room(f.id, f.organisation_id, p_side, p_office)", "f.room_id"),
    ("access.invitation_accept", "v.accepted_at is not null", "false"),
    ("access.invitation_accept", "v.expires_at <= now()", "false"),
    ("access.invitation_accept", "(v.issuer is not null and v.issuer <> p_issuer)", "false"),
    ("access.trace", "and not access.opens(v_room, false)", "and false"),
    ("access.report_publish", "and access.opens(e.room_id, true)", ""),
    ("access.report_publish", "r.reported_by <> v_seat.organisation_id", "false"),
    ("access.report_publish", "r.forum_id is distinct from v_seat.forum_id", "false"),
    ("access.report_publish", "r.organisation_id = v_seat.organisation_id", "true"),
    ("access.report_publish", "a.kind = 'ACKNOWLEDGED'))", "true) or true)"),
    ("access.report_publish", "coalesce(v_region, false)", "true"),
    ("access.report_publish", "o.kind = 'NATIONAL'", "true"),
    ("access.regional_room", "and e.id = any (access.rooms())", ""),
    ("access.regional_room", "and f.kind = 'REGIONAL_SOCIAL_PARTNERSHIP_FORUM'", ""),
    ("access.release_source", "perform access.check_proof", "perform concat"),
    ("access.release_history", "perform access.check_proof", "perform concat"),
    ("access.release_freeze", "perform access.check_proof", "perform concat"),
    ("access.release_source", "p_code, pg_backend_pid()", "p_code"),
    ("access.release_freeze", "access.text_digest(p_content), pg_backend_pid()", "pg_backend_pid()"),
    ("access.release_freeze", "if v_number <>", "if false and v_number <>"),
    ("access.trace", "and not access.opens(v_event_room, false)", "and false"),
)
# Where two stones bear the same load, taking one out changes nothing that anybody could notice; each with the reason.
DOUBLED: Final = {
    (
        "access.invitation_issue",
        "and access.opens(f.room_id, false)",
    ): "who holds a granting room of a body sees its entry",
    ("access.seat_grant", "and access.opens(f.room_id, false)"): "who holds a granting room of a body sees its entry",
    ("access.make_seat", REFUSAL): "a seat without a home room also fails on its NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One loosening, and how it is put back; `doubled` says why nobody could notice."""

    name: str
    loosen: str
    mend: str
    doubled: str | None = None


async def policy_mutants(admin: Connection) -> list[Mutant]:
    """Each policy of the service's role made to hold for every row, and each that asks for a writing door made to ask for any."""
    await admin.execute("set search_path = ''")
    found: list[Mutant] = []
    for row in await admin.fetch(POLICIES):
        if row["t"] in PUBLIC:
            continue
        name = f"{row['policyname']} on {row['t']}"
        mend = f"alter policy {name} {_clauses(row['qual'], row['with_check'])}"
        for what, new in _loosenings(row):
            found.append(Mutant(f"{name} {what}", f"alter policy {name} {new}", mend))
    await admin.execute("reset search_path")
    return found


def _clauses(qual: str | None, check: str | None) -> str:
    return " ".join(f"{word} ({text})" for word, text in (("using", qual), ("with check", check)) if text is not None)


def _loosenings(row: Any) -> list[tuple[str, str]]:
    true = [("open to all", _clauses(row["qual"] and "true", row["with_check"] and "true"))]
    writing = [
        ("through a reading door", _clauses(*(text and text.replace(" AND d.may_write", "") for text in (row["qual"], row["with_check"]))))
        for _ in (0,) if " AND d.may_write" in f"{row['qual']} {row['with_check']}"
    ]  # fmt: skip
    return true + writing + ([*_keystones(row["qual"])] if row["t"] == "graph.door" else [])


def _keystones(qual: str) -> list[tuple[str, str]]:
    """The door's own policy without each of its four conditions."""
    parts = _conditions(qual[1:-1])
    assert len(parts) == 4, parts
    return [(f"without {part}", f"using ({' and '.join(each for each in parts if each != part)})") for part in parts]


def _conditions(text: str) -> list[str]:
    """What an AND joins at the outermost level, as PostgreSQL writes it: each in its own parentheses."""
    found, depth, began = [], 0, 0
    for place, letter in enumerate(text):
        if letter == "(":
            began = began if depth else place
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                found.append(text[began : place + 1])
    return found


async def function_mutants(admin: Connection) -> list[Mutant]:
    """Each refusal in a definer function left out, and each of the conditions above."""
    found: list[Mutant] = []
    texts = {row["signature"]: row["text"] for row in await admin.fetch(FUNCTIONS)}
    for signature, text in texts.items():
        for match in re.finditer(re.escape(REFUSAL), text):
            loosened = f"{text[: match.start()]}null{text[match.end() :]}"
            doubled = DOUBLED.get((signature.split("(")[0], REFUSAL))
            found.append(Mutant(f"{signature} without its refusal at {match.start()}", loosened, text, doubled))
    for name, words, instead in WEAKENED:
        ((signature, text),) = [(s, t) for s, t in texts.items() if s.startswith(name)]
        assert words in text, f"{signature} no longer says: {words}"
        loosened, doubled = text.replace(words, instead), DOUBLED.get((name, words))
        found.append(Mutant(f"{signature} with {instead!r} for {words!r}", loosened, text, doubled))
    return found

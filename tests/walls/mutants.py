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
    ("access.enter", "where p.person_id = v_person", "where false"),
    (
        "access.enter",
        "where exists (select from graph.door d where d.into_room",
        "where true or exists (select from graph.door d where d.into_room",
    ),
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
    ("access.leave_trace", "and not access.opens(v_room, false)", "and false"),
    ("access.leave_trace", "and not access.opens(v_event_room, false)", "and false"),
    # issues, steps and themes
    ("access.held", "and not a.own_only", ""),
    (
        "access.enter",
        "case when v_own_only then '' else coalesce(v_person::text, '') end",
        "coalesce(v_person::text, '')",
    ),
    ("access.enter", "and (s.issuer is null or s.issuer = coalesce(v_vouched, v_issuer))", ""),
    ("access.enter", "or s.issuer = coalesce(v_vouched, v_issuer)", "or s.issuer = v_issuer"),
    ("access.enter", "where r.person_id = v_person and case", "where case"),
    (
        "access.enter",
        "else v_seat is null or v_seat = r.seat_id or v_acting[1].office = 'EMPLOYEE' end",
        "else true end",
    ),
    ("access.enter", "case when v_acting is null then p_seat is null", "case when v_acting is null then true"),
    ("access.enter", "where s.person_id = v_person and now() >= s.starts_at", "where false and now() >= s.starts_at"),
    ("access.admit", "or access.is_of_an_issue(p_into)", ""),
    ("access.is_of_an_issue", "exists (select from graph.issue i where i.room_id = p_room)", "false"),
    ("access.is_of_an_issue", "exists (select from graph.raiser r where p_room in (r.room_id, r.own_room))", "false"),
    ("access.is_of_an_issue", "p_room in (s.room_id, s.content_room)", "false"),
    ("access.is_of_an_issue", "d.room_id = p_room", "false"),
    ("access.is_of_an_issue", "t.room_id = p_room", "false"),
    ("access.issue_raise", "and access.opens(f.room_id, false)", ""),
    ("access.issue_raise", "or v_route.code is null", ""),
    (
        "access.issue_raise",
        "v_kind = 'FREEDOM_TO_SPEAK_UP' or (v_seat.forum_id = p_forum and (p_channel = 'OFFICERS' or v_into = any (access.rooms())))",
        "true",
    ),
    ("access.issue_raise", "and (p_channel = 'OFFICERS' or v_into = any (access.rooms()))", ""),
    ("access.issue_raise", "or (p_mode = 'OFFICE' and not v_into = any (access.rooms()))", ""),
    ("access.issue_raise", "where s.person_id = x and access.opens(s.room_id, false)", "where s.person_id = x"),
    ("access.issue_raise", "where f.id = x and access.opens(f.room_id, false)", "where f.id = x"),
    ("access.issue_raise", "case when p_mode = 'CONFIDENTIAL' then 'NONE' else v_seat.side end", "v_seat.side"),
    (
        "access.issue_raise",
        "if p_mode = 'CONFIDENTIAL' then\n    perform access.make_case",
        "if false then\n    perform access.make_case",
    ),
    (
        "access.issue_raise",
        "join graph.seat s on s.forum_id = x.forum",
        "join graph.seat s on false and s.forum_id = x.forum",
    ),
    (
        "access.issue_raise",
        "  perform access.let_in(v_into, p_room, true);",
        "  perform access.let_in(v_into, p_room, true), access.let_in(access.channel_room(p_forum, 'MEMBERS'), p_room, false);",
    ),
    ("access.make_case", "'-infinity'", "now()"),
    ("access.copy_bars", "where b.room_id = p_from\n    on conflict", "where false\n    on conflict"),
    (
        "access.copy_bars",
        "from graph.bar_office b\n    where b.room_id = p_from",
        "from graph.bar_office b\n    where false",
    ),
    ("access.is_barred", "b.room_id = p_room and b.person_id = p_person", "false"),
    ("access.is_barred", "b.room_id = p_room and s.person_id = p_person", "false"),
    ("access.can_be_taken", "not access.is_barred(s.person_id, p_room)", "true"),
    ("access.can_be_taken", "bool_and(found.able > 0)", "bool_or(found.able > 0)"),
    ("access.entrust", "and v_issue.channel = any (o.opens)", ""),
    ("access.entrust", "and s.forum_id = v_issue.forum_id", ""),
    ("access.entrust", "and now() < s.ends_at", ""),
    ("access.entrust", "and s.person_id <> v.person_id", ""),
    ("access.entrust", "and not access.is_barred(s.person_id, v.room_id)", ""),
    ("access.entrust", "set closes_at = access.start_of_today()", "set closes_at = 'infinity'"),
    ("access.recipient_choose", "and i.identity = 'CONFIDENTIAL'", ""),
    ("access.recipient_choose", "and r.own_room = any (access.rooms())", ""),
    (
        "access.speaks_for",
        "where r.issue_id = p_issue and r.own_room = any (access.rooms())",
        "where r.issue_id = p_issue",
    ),
    ("access.speaks_for", "and i.identity = 'OFFICE'", ""),
    ("access.speaks_for", "and access.channel_room(i.forum_id, i.channel) = any (access.rooms())", ""),
    ("access.routes_from", "and access.channel_room(p_forum, p_channel) = any (access.rooms())", ""),
    ("access.routes_from", "then t.organisation_id = f.organisation_id", "then true"),
    ("access.step_open", "i.id = p_issue and access.opens(i.room_id, true)", "i.id = p_issue"),
    ("access.step_open", "s.id = p_previous and access.opens(s.room_id, true)", "s.id = p_previous"),
    ("access.step_open", "and s.state in ('ACCEPTED', 'ON_AGENDA') for update", "for update"),
    ("access.step_open", "and r.carries <> 'THEME'", ""),
    ("access.step_open", "and r.forum_id = p_to", ""),
    ("access.step_open", "or (p_previous is null and v_issue.state in ('WITHDRAWN', 'HANDED_OVER', 'CLOSED'))", ""),
    (
        "access.step_open",
        "perform access.copy_bars(v_beside, p_room), access.copy_bars(v_beside, p_content);",
        "perform access.copy_bars(v_beside, p_room);",
    ),
    (
        "access.step_open",
        "perform access.copy_bars(v_beside, p_room), access.copy_bars(v_beside, p_content);",
        "perform access.copy_bars(v_beside, p_content);",
    ),
    (
        "access.step_open",
        "perform access.let_in(v_own, p_room, false)",
        "perform access.let_in(access.channel_room(p_to, v_route.channel), p_room, true), access.let_in(v_own, p_room, false)",
    ),
    ("access.step_open", "perform access.let_in(v_own, p_room, false)", "perform access.let_in(v_own, p_room, true)"),
    ("access.step_open", "values (p_trails[1], v_issue.room_id,", "values (p_trails[1], p_room,"),
    ("access.consent_give", "or not access.speaks_for(v_root)", ""),
    ("access.consent_give", "or v.state <> 'AWAITING_CONSENT'", ""),
    ("access.consent_give", "and m.content_hash = p_hash and p_hash = access.text_digest(m.body)", ""),
    ("access.consent_give", "values (p_consent, v_beside,", "values (p_consent, v.room_id,"),
    (
        "access.consent_give",
        "if not access.can_be_taken(v.to_forum_id, v.to_channel, v_offices, v.room_id) then",
        "if false then",
    ),
    ("access.consent_give", "dated_on = graph.today(), sent_on", "sent_on"),
    ("access.consent_give", "p_step, v.revision + 1, access.start_of_today()", "p_step, v.revision + 1, now()"),
    ("access.consent_give", "and v.carries = 'RECORD' and v.to_channel = 'JOINT'", ""),
    ("access.consent_withdraw", "or not access.speaks_for(v_root)", ""),
    (
        "access.consent_withdraw",
        "or v.state not in ('AWAITING_CONSENT', 'SENT', 'ACKNOWLEDGED', 'ACCEPTED', 'ON_AGENDA')",
        "",
    ),
    ("access.consent_withdraw", "or v.consent_withdrawn_on is not null", ""),
    (
        "access.consent_withdraw",
        "update graph.step_summary m set body = ''",
        "update graph.step_summary m set body = m.body",
    ),
    ("access.step_ended", "and access.opens(s.room_id, true)", ""),
    ("access.step_ended", "or v.state not in ('RESOLVED', 'RETURNED')", ""),
    ("access.handover_take", "and access.opens(i.room_id, true)", ""),
    ("access.handover_take", "and f.kind = 'FREEDOM_TO_SPEAK_UP'", ""),
    ("access.handover_take", "and access.channel_room(i.forum_id, i.channel) = any (access.rooms())", ""),
    ("access.handover_take", "or v.state not in ('RAISED', 'CARRIED')", ""),
    ("access.handover_take", "set body = '', effect_sought = ''", "set effect_sought = ''"),
    ("access.interest_declare", "and access.opens(i.room_id, false)", ""),
    ("access.interest_declare", "and access.opens(s.room_id, false)", ""),
    ("access.interest_declare", "or num_nonnulls(p_issue, p_step) <> 1", ""),
    (
        "access.interest_declare",
        "union select t.step_id from onward o join graph.step_trail t on t.previous_id = o.id",
        "",
    ),
    ("access.disclosure_open", "and i.identity = 'CONFIDENTIAL'", ""),
    ("access.disclosure_open", "and access.opens(r.room_id, true)", ""),
    ("access.disclosure_open", "and s.id = v.recipient_seat", ""),
    ("access.disclosure_open", "and access.opens(s.room_id, false)", ""),
    ("access.disclosure_open", "and not access.is_barred(s.person_id, v.room_id)", ""),
    ("access.disclosure_open", "if p_safe then", "if true then"),
    ("access.identity_consent", "and r.own_room = any (access.rooms())", ""),
    ("access.identity_consent", "and access.opens(x.room_id, false)", ""),
    ("access.identity_consent", "and x.consented_on is null", ""),
    ("access.identity_disclose", "and x.disclosed_on is null for update", "for update"),
    ("access.identity_disclose", "and r.recipient_seat = access.seat()", ""),
    ("access.identity_disclose", "and access.opens(r.room_id, true)", ""),
    (
        "access.identity_disclose",
        "case when v.ground = 'RAISER_CONSENT' then v.consented_on is not null",
        "case when v.ground = 'RAISER_CONSENT' then true",
    ),
    ("access.identity_disclose", "then v.consented_on is not null or v.notified_on < graph.today()", "then true"),
    ("access.identity_disclose", "else v.why_not_told <> '' end", "else true end"),
    ("access.offers_of", "and f.organisation_id = o.organisation_id", ""),
    ("access.offers_of", "and r.purpose = 'JOINT'", ""),
    ("access.theme_count", "and access.opens(o.room_id, true)", ""),
    ("access.theme_count", "v.spf_id is distinct from access.region_of(v.forum_id)", "false"),
    ("access.theme_count", "v_all >= coalesce(v_least, 3) then v_all", "true then v_all"),
    ("access.theme_count", "filter (where 2 =", "filter (where 1 <="),
    ("access.trace_own", "and p_own = any (access.rooms())", ""),
    ("access.own_sign_in_accept", "v.accepted_at is not null", "false"),
    ("access.own_sign_in_accept", "v.expires_at <= now()", "false"),
    (
        "access.own_sign_in_accept",
        "exists (select from access.account a where a.issuer = p_issuer and a.subject = p_subject)",
        "false",
    ),
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
    *(
        (f"access.{name}", "perform access.check_proof", "perform concat")
        for name in (
            *("feed_closed", "feed_opened", "feed_changed", "feed_stirred", "no_longer_held"),
            *("people_keep", "moments_due", "moment_passed", "kept_pruned", "releases_due", "release_scheduled"),
            *("webhook_register", "webhook_turns", "webhook_told", "webhook_seen", "webhook_freed", "webhook_pruned"),
            *("calendar_create", "calendar_seat"),
            *("release_note_shown", "time_off_counted"),
        )
    ),
    *(
        (f"access.{name}", "perform access.mail_proven", "perform concat")
        for name in (
            *("mail_own", "mail_set", "mail_off", "mail_confirm", "mail_unsubscribe", "mail_turns", "mail_gathered"),
            *("mail_due", "mail_recorded", "mail_lost", "mail_freed", "mail_pruned"),
        )
    ),
    ("access.mail_proven", "perform access.check_proof", "perform concat"),
    ("access.mail_proven", "'mail', pg_backend_pid()", "'mail'"),
    ("access.mail_own", "and access.mail_is_own(p_account)", ""),
    ("access.mail_is_own", "and a.closed_at > now()", ""),
    ("access.mail_is_own", "and a.person_id = access.person()", ""),
    ("access.mail_is_own", "and a.issuer = access.issuer()", ""),
    ("access.mail_row", "access.seat() is null or", ""),
    ("access.mail_confirm", "access.seat() is null or", ""),
    ("access.mail_confirm", "v.code_number <> p_number", "false"),
    ("access.mail_confirm", "v.code_until <= now()", "false"),
    ("access.mail_unsubscribe", "and m.address_mark = p_mark", ""),
    ("access.mail_turns", "and exists (select from access.held(m.account_id))", ""),
    ("access.mail_gathered", "and m.lease = p_lease", ""),
    ("access.mail_due", "and m.lease = p_lease", ""),
    ("access.mail_lost", "and m.lease = p_lease", ""),
    ("access.mail_freed", "and m.lease = p_lease", ""),
    ("access.feed_opened", "and c.room_id = any (v_open)", ""),
    ("access.feed_changed", "and c.room_id = any (v_open)", ""),
    ("access.webhook_register", "and e.id = p_endpoint", ""),
    ("access.release_scheduled", "and access.opens(r.room_id, true)", ""),
    ("access.release_scheduled", "and h.person_id = access.person()", ""),
    ("access.moment_passed", "if p_moment <= now() then", "if true then"),
    ("access.people_keep", "'people', access.seat(), ", "'people', "),
    ("access.people_keep", "access.text_digest(p_said), ", ""),
    ("access.people_keep", "and s.office = 'SERVICE'", ""),
    ("access.people_keep", "and access.opens(s.room_id, true)", ""),
    ("access.people_keep", "and access.kept_by_hr(s.forum_id, s.side, s.office)", ""),
    ("access.people_keep", "and h.person_id = s.person_id", ""),
    ("access.people_keep", "or not access.kept_by_hr(r.forum, r.side, r.office)", ""),
    ("access.people_keep", "or not access.opens(r.entry, false)", ""),
    ("access.people_keep", "s.organisation_id = v_organisation", "true"),
    ("access.kept_by_hr", "and 'WORKFORCE' = any (o.granted_by)", ""),
    ("access.webhook_register", "and s.person_id = access.person()", ""),
    ("access.calendar_create", "where s.id = access.seat()", ""),
    ("access.calendar_create", "encode(p_digest, 'hex'), pg_backend_pid()", "pg_backend_pid()"),
    ("access.calendar_seat", "encode(p_digest, 'hex'), pg_backend_pid()", "pg_backend_pid()"),
    ("access.calendar_seat", "where h.id = v.seat_id", ""),
    ("access.calendar_revoke", "where c.seat_id = access.seat()", ""),
    ("access.release_note_issue", "and s.forum_id is not null", ""),
    ("access.release_note_revoke", "and s.personal_room = n.room_id", ""),
    ("access.release_note_shown", "encode(p_code_hash, 'hex'), pg_backend_pid()", "pg_backend_pid()"),
    ("access.release_note_shown", "and n.revoked_at is null", ""),
    ("access.release_note_shown", "and n.verifiable_until >= graph.today()", ""),
    ("access.release_note_shown", "and s.ends_at > n.on_day::timestamp at time zone 'Europe/London'", ""),
    ("access.time_off_counted", "p_organisation, p_from, p_to, pg_backend_pid()", "pg_backend_pid()"),
    ("access.time_off_counted", "p_as_of > now() or", ""),
    ("access.time_off_counted", "and s.organisation_id = p_organisation", ""),
    ("access.time_off_counted", "s.office = 'SERVICE' and", ""),
    ("access.time_off_counted", "and n.created_at < p_as_of", ""),
    ("access.time_off_counted", "n.revoked_at >= p_as_of", "true"),
    ("access.time_off_counted", "least(each.hours, p_most)", "each.hours"),
)
# Where two stones bear the same load, taking one out changes nothing that anybody could notice; each with the reason.
DOUBLED: Final = {
    ("access.release_scheduled", "and h.person_id = access.person()"): "the account named must hold the seat entered",
    ("access.people_keep", "and s.office = 'SERVICE'"): "no other seat of an organisation opens its WORKFORCE room",
    (
        "access.people_keep",
        "and access.opens(s.room_id, true)",
    ): "the seat of HR's own system opens the room that it lies in",
    ("access.webhook_register", "and s.person_id = access.person()"): "the account named must hold the seat entered",
    (
        "access.invitation_issue",
        "and access.opens(f.room_id, false)",
    ): "who holds a granting room of a body sees its entry",
    ("access.seat_grant", "and access.opens(f.room_id, false)"): "who holds a granting room of a body sees its entry",
    ("access.make_seat", REFUSAL): "a seat without a home room also fails on its NOT NULL",
    (
        "access.speaks_for",
        "and access.channel_room(i.forum_id, i.channel) = any (access.rooms())",
    ): "the room of an issue that a body raised itself is opened from that body's room alone",
    (
        "access.theme_count",
        "and access.opens(o.room_id, true)",
    ): "whose region it is asks that one holds the joint room, where the offer lies",
    ("access.disclosure_open", "and i.identity = 'CONFIDENTIAL'"): "a name that is no secret is entrusted to no seat",
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
        ((signature, text),) = [(s, t) for s, t in texts.items() if s.split("(")[0] == name.split("(")[0]]
        assert words in text, f"{signature} no longer says: {words}"
        loosened, doubled = text.replace(words, instead), DOUBLED.get((name, words))
        found.append(Mutant(f"{signature} with {instead!r} for {words!r}", loosened, text, doubled))
    return found

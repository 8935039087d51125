-- The one way in, and the only writers of rooms, seats, doors, bars and traces. Run as partnership_access.
-- HMAC by hand (nested SHA-256), because not every PostgreSQL has pgcrypto.
create function access.sign(said text) returns text language sql stable security definer set search_path = '' as $$
  select encode(sha256(k || sha256(k || convert_to(said, 'UTF8'))), 'hex') from access.secret $$;

create function access.now_micros() returns bigint language sql stable set search_path = '' as $$
  select (extract(epoch from now()) * 1000000)::bigint $$;

create function access.text_digest(said text) returns text language sql immutable set search_path = '' as $$
  select encode(sha256(convert_to(said, 'UTF8')), 'hex') $$;

create function access.check_proof(p_said text, p_made bigint, p_proof text) returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_proof is distinct from access.sign(p_said) or abs((extract(epoch from clock_timestamp()) * 1000000)::bigint - p_made) > 30000000
     -- the service prepares by protocol alone: one made in SQL was left for the next viewer of this backend, in a known one's place
     or exists (select from pg_catalog.pg_prepared_statements s where s.from_sql) then
    raise exception 'bad capability' using errcode = '28000';
  end if;
end $$;

-- (issuer, subject) to an account, for the service alone. Never by e-mail.
create function access.identify(p_issuer text, p_subject text, p_made bigint, p_proof text) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'identify', access.text_digest(p_issuer), access.text_digest(p_subject), pg_backend_pid(), p_made), p_made, p_proof);
  return (select a.id from access.account a where a.issuer = p_issuer and a.subject = p_subject and a.closed_at > now());
end $$;

-- The seats an account holds at this moment: a seat bound to an issuer opens only through it.
create function access.held(p_account uuid) returns setof graph.seat language sql stable security definer set search_path = '' as $$
  select s.* from access.account a join graph.seat s on s.person_id = a.person_id
   where a.id = p_account and a.closed_at > now() and now() >= s.starts_at and now() < s.ends_at
     and (s.issuer is null or s.issuer = a.issuer) $$;

-- The rooms that one seat opens directly.
create function access.rooms_of(p_seat graph.seat) returns uuid[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(distinct found.id), '{}') from (
    select (p_seat).personal_room as id
    union all
    select r.id from graph.room r
     where r.organisation_id = (p_seat).organisation_id and r.forum_id is null and r.purpose in ('ORGANISATION', 'REGION')
    union all
    select r.id from graph.forum_organisation f join graph.room r on r.organisation_id = f.organisation_id
     where f.forum_id = (p_seat).forum_id and r.forum_id is null and r.purpose in ('ORGANISATION', 'REGION')
    union all
    select r.id from access.office o join graph.room r on r.purpose = any (o.opens)
     where o.kind = coalesce((select f.kind from graph.forum f where f.id = (p_seat).forum_id), 'ORGANISATION')
       and o.side = (p_seat).side and o.office = (p_seat).office
       and case when (p_seat).forum_id is null then r.forum_id is null and r.organisation_id = (p_seat).organisation_id
                else r.forum_id = (p_seat).forum_id end
    union all
    select r.id from graph.forum f join access.office o on o.kind = f.kind and o.side = (p_seat).side and o.office = (p_seat).office
      join graph.terms_of_reference t on t.forum_id = f.id and current_date >= t.starts_on and current_date < t.ends_on
      join graph.room r on r.forum_id = f.id and r.purpose = any (o.opens_by_terms)
     where f.id = (p_seat).forum_id
       and (((p_seat).office = 'ALLY' and t.opens_to_allies) or ((p_seat).office = 'STAFF_SIDE_LEAD' and t.opens_to_staff_side_lead))
  ) found $$;

-- Begin as a viewer: one seat, the only one, or all of them merged for reading. The proof is the service's, bound to this
-- backend and this moment; what is set lasts for the transaction and is sealed, so that no SQL can widen it.
create function access.enter(p_account uuid, p_seat uuid, p_merge boolean, p_made bigint, p_proof text)
returns table (moment timestamptz, person_id uuid, seat_id uuid, held integer)
language plpgsql security definer set search_path = '' as $$
declare
  v_person uuid; v_issuer text; v_acting uuid[]; v_rooms uuid[]; v_barred uuid[]; v_held integer; v_seat uuid;
begin
  perform access.check_proof(concat_ws('|', 'enter', p_account, p_seat, p_merge, pg_backend_pid(), p_made), p_made, p_proof);
  select a.person_id, a.issuer into v_person, v_issuer from access.account a where a.id = p_account and a.closed_at > now();
  select count(*), array_agg(h.id) filter (where case
      when p_seat is not null then h.id = p_seat
      when p_merge then true
      else false end)
    into v_held, v_acting from access.held(p_account) h;
  if p_seat is null and not p_merge then
    -- the one seat, not counting employment where there is another
    select case when count(*) filter (where h.office <> 'EMPLOYEE') = 1 then array_agg(h.id) filter (where h.office <> 'EMPLOYEE')
                when count(*) = 1 then array_agg(h.id) end
      into v_acting from access.held(p_account) h;
  end if;
  if v_acting is null then
    -- no capacity chosen: the open rooms of one's organisations, nothing else
    select coalesce(array_agg(distinct r.id), '{}') into v_rooms
      from access.held(p_account) h join graph.room r on r.organisation_id = h.organisation_id
     where r.forum_id is null and r.purpose in ('ORGANISATION', 'REGION') and p_seat is null;
  else
    select coalesce(array_agg(distinct opened.id), '{}') into v_rooms
      from access.held(p_account) h cross join lateral unnest(access.rooms_of(h)) as opened(id) where h.id = any (v_acting);
  end if;
  if cardinality(v_acting) = 1 and not p_merge then v_seat := v_acting[1]; end if;
  -- only bars on what would stand open: one on a room that never did would tell that the room is there
  select coalesce(array_agg(b.room_id), '{}') into v_barred from graph.bar b
   where b.person_id = v_person and exists (select from graph.door d where d.into_room = b.room_id and d.from_room = any (v_rooms));
  perform set_config('app.person', coalesce(v_person::text, ''), true), set_config('app.issuer', coalesce(v_issuer, ''), true),
          set_config('app.seat', coalesce(v_seat::text, ''), true),
          set_config('app.rooms', v_rooms::text, true), set_config('app.barred', v_barred::text, true);
  perform set_config('app.seal', access.sign(concat_ws('|', coalesce(v_person::text, ''), access.text_digest(coalesce(v_issuer, '')),
    coalesce(v_seat::text, ''), v_rooms::text, v_barred::text, pg_backend_pid(), access.now_micros())), true);
  return query select now(), v_person, v_seat, v_held;
end $$;

create function access.sealed() returns boolean language sql stable security definer set search_path = '' as $$
  select coalesce(current_setting('app.seal', true) = access.sign(concat_ws('|', current_setting('app.person', true),
    access.text_digest(current_setting('app.issuer', true)), current_setting('app.seat', true), current_setting('app.rooms', true),
    current_setting('app.barred', true), pg_backend_pid(), access.now_micros())), false) $$;
create function access.rooms() returns uuid[] language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then current_setting('app.rooms', true)::uuid[] else '{}' end $$;
create function access.barred() returns uuid[] language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then current_setting('app.barred', true)::uuid[] else '{}' end $$;
create function access.person() returns uuid language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then nullif(current_setting('app.person', true), '')::uuid end $$;
create function access.issuer() returns text language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then current_setting('app.issuer', true) end $$;
create function access.seat() returns uuid language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then nullif(current_setting('app.seat', true), '')::uuid end $$;

-- One's own seats with the names needed to choose between them, whatever capacity was entered. A seat bound to an issuer
-- shows only to who signed in there: whoever runs another sign-in does not learn of it.
create function access.own_seats() returns table (id uuid, forum_id uuid, forum_kind text, forum_name text, organisation_id uuid,
  organisation_name text, office text, side text, title text, starts_at timestamptz, ends_at timestamptz, acting boolean, rooms text[])
language sql stable security definer set search_path = '' as $$
  select s.id, s.forum_id, f.kind, f.local_name, s.organisation_id, o.name, s.office, s.side, s.title, s.starts_at, s.ends_at,
         s.id is not distinct from access.seat(),
         (select array_agg(distinct r.purpose order by r.purpose) from graph.room r where r.id = any (access.rooms_of(s)))
    from graph.seat s left join graph.forum f on f.id = s.forum_id join graph.organisation o on o.id = s.organisation_id
   where s.person_id = access.person() and now() >= s.starts_at and now() < s.ends_at and (s.issuer is null or s.issuer = access.issuer())
   order by o.name, f.local_name nulls first, s.office, s.id $$;

-- May the caller enter this room, and write in it?
create function access.opens(p_room uuid, p_write boolean) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from graph.door d where d.into_room = p_room and d.from_room = any (access.rooms()) and d.into_room <> all (access.barred())
    and now() >= d.opens_at and now() < d.closes_at and (d.may_write or not p_write)) $$;
create function access.refuse() returns void language plpgsql stable set search_path = '' as $$
begin raise exception 'not found' using errcode = '28000'; end $$;

-- A room of its own for one matter, opened from a room that the caller holds. Who is barred from the matter it stands
-- beside is barred from it too.
create function access.open_case(p_room uuid, p_from uuid, p_beside uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  if not p_from = any (access.rooms()) or (p_beside is not null and not access.opens(p_beside, false)) then perform access.refuse(); end if;
  insert into graph.room (id, purpose) values (p_room, 'CASE');
  insert into graph.door (from_room, into_room, may_write) values (p_room, p_room, true), (p_from, p_room, true);
  insert into graph.bar (person_id, room_id, reason) select b.person_id, p_room, '' from graph.bar b where b.room_id = p_beside;
end $$;

-- Lets the holders of a forum's room into a case that the caller may write in. The forum's entry must be open to the caller.
create function access.admit(p_into uuid, p_forum uuid, p_purpose text, p_may_write boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare v_from uuid;
begin
  select r.id into v_from from graph.forum f join graph.room r on r.forum_id = f.id and r.purpose = p_purpose
   where f.id = p_forum and access.opens(f.room_id, false);
  if v_from is null or not access.opens(p_into, true)
     or not exists (select from graph.room r where r.id = p_into and r.purpose = 'CASE') then
    perform access.refuse();
  end if;
  insert into graph.door (from_room, into_room, may_write) values (v_from, p_into, p_may_write)
    on conflict (into_room, from_room) do update set may_write = graph.door.may_write or excluded.may_write;
end $$;

-- Closes one's own eyes: a declared interest bars the person from a consultation's papers, deliberation and every engagement
-- in it, whatever seats they hold: also from those rooms that the seat they act in does not open. The reason is kept with the
-- owners' deliberation, where its two sides can read it, and only when one of them gave it: that somebody of a body consulted
-- stepped back would tell the owners who is in it.
create function access.recuse(p_consultation uuid, p_reason text) returns void language plpgsql security definer set search_path = '' as $$
declare v_papers uuid; v_case uuid;
begin
  select c.room_id, c.case_room into v_papers, v_case from graph.consultation c where c.id = p_consultation and access.opens(c.room_id, false);
  if v_papers is null then perform access.refuse(); end if;
  insert into graph.bar (person_id, room_id, reason)
    select access.person(), r.id, case when r.id = v_case and access.opens(v_case, false) then p_reason else '' end
      from (select v_papers as id union select v_case union select e.room_id from graph.consultee e where e.consultation_id = p_consultation) r
    on conflict do nothing;
end $$;

-- The room, held by the caller, from which seats of this office are granted; null when there is none.
create function access.granting_room(p_forum uuid, p_organisation uuid, p_side text, p_office text) returns uuid
language sql stable security definer set search_path = '' as $$
  select r.id from access.office o join graph.room r on r.purpose = any (o.granted_by)
   where o.kind = coalesce((select f.kind from graph.forum f where f.id = p_forum), 'ORGANISATION') and o.side = p_side and o.office = p_office
     and (r.forum_id = p_forum or (r.forum_id is null and r.organisation_id = p_organisation and r.purpose = 'WORKFORCE'))
     and r.id = any (access.rooms())
   order by r.purpose limit 1 $$;

create function access.make_seat(p_seat uuid, p_personal uuid, p_forum uuid, p_organisation uuid, p_person uuid, p_side text, p_office text,
  p_title text, p_union uuid, p_issuer text, p_public boolean, p_starts timestamptz, p_ends timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
declare v_home uuid;
begin
  select r.id into v_home from access.office o join graph.room r
    on r.purpose = case when p_public and o.may_be_public then 'ORGANISATION' else o.home end
   where o.kind = coalesce((select f.kind from graph.forum f where f.id = p_forum), 'ORGANISATION') and o.side = p_side and o.office = p_office
     and (r.forum_id = p_forum or (r.forum_id is null and r.organisation_id = p_organisation));
  if v_home is null then perform access.refuse(); end if;
  insert into graph.room (id, purpose, organisation_id) values (p_personal, 'PERSONAL', null);
  insert into graph.door (from_room, into_room, may_write) values (p_personal, p_personal, true);
  insert into graph.seat (id, room_id, forum_id, organisation_id, person_id, office, side, title, union_id, issuer, starts_at, ends_at, personal_room)
    values (p_seat, v_home, p_forum, p_organisation, p_person, p_office, p_side, p_title, p_union, p_issuer, p_starts, p_ends, p_personal);
end $$;

-- Each side, union and network grants its own; the HR system employment and management-side seats. The person must be
-- one whom the caller can see.
create function access.seat_grant(p_seat uuid, p_personal uuid, p_forum uuid, p_organisation uuid, p_person uuid, p_side text, p_office text,
  p_title text, p_union uuid, p_issuer text, p_public boolean, p_starts timestamptz, p_ends timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
declare v_organisation uuid := p_organisation;
begin
  if p_forum is not null then
    select f.organisation_id into v_organisation from graph.forum f where f.id = p_forum and access.opens(f.room_id, false);
  end if;
  if v_organisation is null or access.granting_room(p_forum, v_organisation, p_side, p_office) is null
     or not exists (select from graph.seat s where s.person_id = p_person and access.opens(s.room_id, false)) then
    perform access.refuse();
  end if;
  perform access.make_seat(p_seat, p_personal, p_forum, v_organisation, p_person, p_side, p_office, p_title, p_union, p_issuer, p_public, p_starts, p_ends);
end $$;

-- Ended by whoever grants it, or given up by its holder. Never lengthened.
create function access.seat_end(p_seat uuid, p_at timestamptz) returns boolean language plpgsql security definer set search_path = '' as $$
declare v_seat graph.seat;
begin
  select * into v_seat from graph.seat s where s.id = p_seat for update;
  if v_seat.id is null or not (v_seat.person_id = access.person() and v_seat.office <> 'EMPLOYEE' and (v_seat.issuer is null or v_seat.issuer = access.issuer())
      or (access.opens(v_seat.room_id, false)
          and access.granting_room(v_seat.forum_id, v_seat.organisation_id, v_seat.side, v_seat.office) is not null)) then
    perform access.refuse();
  end if;
  update graph.seat s set ends_at = least(s.ends_at, greatest(p_at, now())) where s.id = p_seat;
  return v_seat.ends_at > now();
end $$;

-- Asking to join: nothing to declare. Asking twice leaves what stands.
create function access.membership_join(p_request uuid, p_forum uuid) returns uuid language plpgsql security definer set search_path = '' as $$
declare v_found uuid; v_room uuid;
begin
  select r.id into v_room from graph.forum f join graph.room r on r.forum_id = f.id and r.purpose = 'OFFICERS'
   where f.id = p_forum and f.kind = 'STAFF_NETWORK' and f.closed_on is null and access.opens(f.room_id, false);
  if v_room is null or access.person() is null then perform access.refuse(); end if;
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'join', p_forum, access.person()), 0));
  select q.id into v_found from graph.membership_request q
   where q.forum_id = p_forum and q.person_id = access.person() and q.state = 'PENDING';
  if v_found is null then
    insert into graph.membership_request (id, room_id, forum_id, person_id) values (p_request, v_room, p_forum, access.person());
    v_found := p_request;
  end if;
  return v_found;
end $$;
create function access.membership_decide(p_request uuid, p_accept boolean, p_seat uuid, p_personal uuid, p_ends timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
declare v graph.membership_request; v_organisation uuid;
begin
  select * into v from graph.membership_request q where q.id = p_request for update;
  if v.id is null or not v.room_id = any (access.rooms()) or v.state <> 'PENDING' then perform access.refuse(); end if;
  update graph.membership_request q set state = case when p_accept then 'ACCEPTED' else 'DECLINED' end, decided_at = now() where q.id = p_request;
  if p_accept and not exists (select from graph.seat s where s.forum_id = v.forum_id and s.person_id = v.person_id and s.office = 'MEMBER' and s.ends_at > now()) then
    select f.organisation_id into v_organisation from graph.forum f where f.id = v.forum_id;
    perform access.make_seat(p_seat, p_personal, v.forum_id, v_organisation, v.person_id, 'NETWORK', 'MEMBER', null, null, null, false, now(), p_ends);
  end if;
end $$;

-- Bank, agency and external members and union officials enrol by the body's invitation, with no HR record.
-- An invitation lapses with the seat that issued it: who was voted out does not come back by a code they kept.
create function access.invitation_issue(p_id uuid, p_forum uuid, p_side text, p_office text, p_union uuid, p_issuer text, p_code_hash bytea, p_expires timestamptz)
returns void language plpgsql security definer set search_path = '' as $$
declare v_room uuid;
begin
  select access.granting_room(f.id, f.organisation_id, p_side, p_office) into v_room from graph.forum f where f.id = p_forum and access.opens(f.room_id, false);
  if v_room is null then perform access.refuse(); end if;
  insert into graph.invitation (id, room_id, forum_id, side, office, union_id, issuer, code_hash, issued_by, expires_at)
    values (p_id, v_room, p_forum, p_side, p_office, p_union, p_issuer, p_code_hash, access.seat(), p_expires);
end $$;
create function access.invitation_accept(p_code_hash bytea, p_issuer text, p_subject text, p_name text, p_person uuid, p_account uuid, p_seat uuid, p_personal uuid,
  p_made bigint, p_proof text) returns table (account_id uuid, seat_id uuid, invitation_id uuid)
language plpgsql security definer set search_path = '' as $$
declare v graph.invitation; v_account uuid; v_person uuid; v_organisation uuid;
begin
  perform access.check_proof(concat_ws('|', 'accept', access.text_digest(p_issuer), access.text_digest(p_subject), pg_backend_pid(), p_made), p_made, p_proof);
  select * into v from graph.invitation i where i.code_hash = p_code_hash for update;
  if v.id is null or v.accepted_at is not null or v.expires_at <= now() or (v.issuer is not null and v.issuer <> p_issuer)
     or exists (select from graph.seat s where s.id = v.issued_by and s.ends_at <= now()) then perform access.refuse(); end if;
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'account', p_issuer, p_subject), 0));
  select a.id, a.person_id into v_account, v_person from access.account a where a.issuer = p_issuer and a.subject = p_subject;
  if exists (select from access.account a where a.id = v_account and a.closed_at <= now()) then perform access.refuse(); end if;
  if v_account is null then
    insert into graph.person (id, display_name) values (p_person, p_name);
    insert into access.account (id, issuer, subject, person_id) values (p_account, p_issuer, p_subject, p_person);
    v_account := p_account; v_person := p_person;
  end if;
  select f.organisation_id into v_organisation from graph.forum f where f.id = v.forum_id;
  perform access.make_seat(p_seat, p_personal, v.forum_id, v_organisation, v_person, v.side, v.office, null, v.union_id, v.issuer, false, now(), 'infinity');
  update graph.invitation i set accepted_at = now() where i.id = v.id;
  return query select v_account, p_seat, v.id;
end $$;

-- One audit entry, and one event when something happened, in the rooms concerned (the actor's own, where none is named: an
-- entry says which office acted, and a comment must not); who and what exactly in the actor's own room behind a salted
-- commitment. The heads of the rooms' chains are locked here, last.
create function access.trace(p_entry uuid, p_event uuid, p_room uuid, p_event_room uuid, p_act text, p_outcome text, p_code text, p_target uuid, p_revision integer,
  p_event_type text, p_salt text, p_detail text) returns void language plpgsql security definer set search_path = '' as $$
declare v_seat graph.seat; v_room uuid; v_event_room uuid; v_head graph.room_head; v_commitment text; v_hash text;
begin
  select * into v_seat from graph.seat s where s.id = access.seat();
  v_room := coalesce(p_room, v_seat.personal_room);
  v_event_room := coalesce(p_event_room, v_room);
  -- a seat that has just left its room, or barred itself from it, may still leave its own trace there
  if v_seat.id is null or (v_room <> v_seat.personal_room and not access.opens(v_room, false))
     or (v_event_room <> v_room and not access.opens(v_event_room, false)) then perform access.refuse(); end if;
  insert into graph.room_head (room_id) select distinct unnest(array[v_room, v_event_room]) on conflict do nothing;
  perform from graph.room_head h where h.room_id in (v_room, v_event_room) order by h.room_id for update;
  select * into v_head from graph.room_head h where h.room_id = v_room;
  v_commitment := encode(sha256(convert_to(p_salt || p_detail, 'UTF8')), 'hex');
  v_hash := access.entry_hash(v_head.audit_hash, v_room, v_head.audit_sequence + 1, p_act, p_outcome, p_code, v_seat.forum_id, v_seat.side, v_seat.office,
    p_target, now(), v_commitment);
  insert into graph.audit_entry (id, room_id, sequence, act, outcome, code, forum_id, side, office, target_id, happened_at, commitment, previous_hash, hash)
    values (p_entry, v_room, v_head.audit_sequence + 1, p_act, p_outcome, p_code, v_seat.forum_id, v_seat.side, v_seat.office, p_target, now(),
      v_commitment, v_head.audit_hash, v_hash);
  insert into graph.audit_detail (entry_id, room_id, salt, detail) values (p_entry, v_seat.personal_room, p_salt, p_detail);
  if p_event is not null then
    update graph.room_head h set event_sequence = h.event_sequence + 1 where h.room_id = v_event_room;
    insert into graph.event (id, room_id, sequence, type, target_id, revision, happened_at)
      select p_event, v_event_room, h.event_sequence, p_event_type, p_target, p_revision, now()
        from graph.room_head h where h.room_id = v_event_room;
  end if;
  update graph.room_head h set audit_sequence = h.audit_sequence + 1, audit_hash = v_hash where h.room_id = v_room;
end $$;
-- The chained hash of one entry; `partnership audit verify` computes the same in Python.
create function access.entry_hash(p_previous text, p_room uuid, p_sequence bigint, p_act text, p_outcome text, p_code text, p_forum uuid, p_side text,
  p_office text, p_target uuid, p_at timestamptz, p_commitment text) returns text language sql immutable set search_path = '' as $$
  select encode(sha256(convert_to(concat_ws('|', '1', p_previous, p_room, p_sequence, p_act, p_outcome, coalesce(p_code, ''), coalesce(p_forum::text, ''),
    p_side, p_office, coalesce(p_target::text, ''), (extract(epoch from p_at) * 1000000)::bigint, p_commitment), 'UTF8')), 'hex') $$;

-- The entries whose detail is not what was committed to, for the auditor, who reads no detail: it names who acted.
create function access.broken_commitments() returns table (room_id uuid, sequence bigint)
language sql stable security definer set search_path = '' as $$
  select e.room_id, e.sequence from graph.audit_entry e join graph.audit_detail d on d.entry_id = e.id
   where d.salt is not null and d.detail is not null
     and e.commitment <> encode(sha256(convert_to(d.salt || d.detail, 'UTF8')), 'hex') $$;

revoke all on all functions in schema access from public;
grant execute on function access.broken_commitments to partnership_auditor;
grant execute on function access.identify, access.enter, access.rooms, access.barred, access.person, access.issuer, access.seat, access.own_seats,
  access.open_case, access.admit, access.recuse, access.seat_grant, access.seat_end, access.membership_join, access.membership_decide,
  access.invitation_issue, access.invitation_accept, access.trace to partnership_app;

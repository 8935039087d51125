-- Whether the table of offices has HR grant this office: employment and management's, never staff side's, a union's or a network's.
create function access.kept_by_hr(p_forum uuid, p_side text, p_office text) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from access.office o where o.kind = coalesce((select f.kind from graph.forum f where f.id = p_forum), 'ORGANISATION')
    and o.side = p_side and o.office = p_office and 'WORKFORCE' = any (o.granted_by)) $$;
-- Whose a sign-in is, to HR: the person that the account stands for; or, where HR may not tell that there is one (a sign-in of
-- one's own, a system's), whoever it was when HR named it before; or somebody new.
create function access.person_told(p_room uuid, p_issuer text, p_subject text, p_new uuid) returns uuid language sql stable security definer set search_path = '' as $$
  select coalesce(
    (select a.person_id from access.account a join graph.person p on p.id = a.person_id
      where a.issuer = p_issuer and a.subject = p_subject and not a.own_only and not p.is_service),
    (select h.person_id from graph.assignment x join graph.seat h on h.id = x.employment_seat
      where x.room_id = p_room and x.issuer = p_issuer and x.subject = p_subject order by x.created_at, x.id limit 1),
    p_new) $$;
-- Whether another organisation employs somebody: then their name is not this one's to change.
create function access.employed_elsewhere(p_person uuid, p_organisation uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from graph.seat s where s.person_id = p_person and s.office = 'EMPLOYEE' and s.organisation_id <> p_organisation
    and now() >= s.starts_at and now() < s.ends_at) $$;
-- What HR keeps, for the service alone: it takes its proof over the very words. Run as partnership_access.
-- Seats end and begin, and assignments are told of, all at once. Whoever is known already by the sign-in that HR names is that
-- person, and nothing in the answer says so: it is empty, and the same statements run for both. A sign-in of one's own, which
-- opens no seat, is never taken for a person's: there the seat is made for somebody new.
create function access.people_keep(p_said text, p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
declare v_room uuid; v_organisation uuid; v_rows jsonb := p_said::jsonb -> 'rows'; v_seats jsonb := p_said::jsonb -> 'seats'; v_employed jsonb; r record; v_person uuid;
begin
  perform access.check_proof(concat_ws('|', 'people', access.seat(), access.text_digest(p_said), pg_backend_pid(), p_made), p_made, p_proof);
  select s.room_id, s.organisation_id into v_room, v_organisation from graph.seat s
   where s.id = access.seat() and s.forum_id is null and s.office = 'SERVICE' and access.opens(s.room_id, true);
  if v_room is null then perform access.refuse(); end if;
  -- what HR's rows in the table of offices let it end, of those it told of
  update graph.seat s set ends_at = least(s.ends_at, greatest(e.at, now()))
    from jsonb_to_recordset(p_said::jsonb -> 'ends') as e(seat uuid, at timestamptz)
   where s.id = e.seat and s.organisation_id = v_organisation
     and access.kept_by_hr(s.forum_id, s.side, s.office)
     and exists (select from graph.assignment a join graph.seat h on h.id = a.employment_seat where a.room_id = v_room and h.person_id = s.person_id);
  -- who is employed: known by the sign-in, or new
  insert into graph.person (id, display_name)
    select access.person_told(v_room, n.issuer, n.subject, n.person), n.display_name
      from jsonb_to_recordset(v_seats) as n(forum uuid, issuer text, subject text, display_name text, person uuid) where n.forum is null
    on conflict (id) do update set display_name = excluded.display_name
      where person.display_name <> excluded.display_name and not access.employed_elsewhere(person.id, v_organisation);
  insert into access.account (id, issuer, subject, person_id)
    select n.account, n.issuer, n.subject, n.person
      from jsonb_to_recordset(v_seats) as n(forum uuid, issuer text, subject text, person uuid, account uuid) where n.forum is null
    on conflict (issuer, subject) do nothing;
  with said as (
    select n.*, access.person_told(v_room, n.issuer, n.subject, n.person) as whose
      from jsonb_to_recordset(v_seats) as n(forum uuid, person_number text, issuer text, subject text, person uuid, seat uuid, personal uuid, starts_at timestamptz, ends_at timestamptz)
     where n.forum is null),
  -- employed before HR began to tell of it by assignments
  adopted as (
    select distinct on (d.person_number) d.person_number, s.id, s.ends_at as stood, d.ends_at
      from said d join graph.seat s on s.person_id = d.whose and s.room_id = v_room and s.office = 'EMPLOYEE' and s.ends_at > now()
     where not exists (select from graph.assignment a where a.employment_seat = s.id) order by d.person_number, s.ends_at desc),
  shortened as (
    update graph.seat s set ends_at = a.ends_at from adopted a where s.id = a.id and a.ends_at < a.stood),
  made as (
    select d.* from said d where not exists (select from adopted a where a.person_number = d.person_number)),
  rooms as (insert into graph.room (id, purpose, organisation_id) select m.personal, 'PERSONAL', null from made m),
  doors as (insert into graph.door (from_room, into_room, may_write) select m.personal, m.personal, true from made m),
  seats as (
    insert into graph.seat (id, room_id, forum_id, organisation_id, person_id, office, side, starts_at, ends_at, personal_room)
      select m.seat, v_room, null, v_organisation, m.whose, 'EMPLOYEE', 'NONE', m.starts_at, m.ends_at, m.personal from made m)
  select jsonb_object_agg(e.person_number, e.seat) into v_employed
    from (select a.person_number, a.id as seat from adopted a union all select m.person_number, m.seat from made m) e;
  insert into graph.assignment (id, room_id, organisation_id, person_number, assignment_number, display_name, issuer, subject, starts_on, ends_on, forum_id, side, office, title, dropped, employment_seat)
    select n.id, v_room, v_organisation, n.person_number, n.assignment_number, n.display_name, n.issuer, n.subject, n.starts_on, n.ends_on, n.forum_id, n.side, n.office, n.title, coalesce(n.dropped, false),
           coalesce((v_employed ->> n.person_number)::uuid, (select a.employment_seat from graph.assignment a join graph.seat s on s.id = a.employment_seat
             where a.organisation_id = v_organisation and a.person_number = n.person_number and a.issuer = n.issuer and a.subject = n.subject and s.ends_at > now()
             order by s.ends_at desc limit 1))
      from jsonb_to_recordset(v_rows) as n(id uuid, person_number text, assignment_number text, display_name text, issuer text, subject text, starts_on date, ends_on date,
        forum_id uuid, side text, office text, title text, dropped boolean)
    on conflict (id) do update set person_number = excluded.person_number, display_name = excluded.display_name, issuer = excluded.issuer, subject = excluded.subject, starts_on = excluded.starts_on,
      ends_on = excluded.ends_on, forum_id = excluded.forum_id, side = excluded.side, office = excluded.office, title = excluded.title, dropped = excluded.dropped,
      employment_seat = coalesce((v_employed ->> excluded.person_number)::uuid, assignment.employment_seat), revision = assignment.revision + 1
      where assignment.room_id = v_room;
  update graph.assignment a set employment_seat = (v_employed ->> a.person_number)::uuid, revision = a.revision + 1
   where a.organisation_id = v_organisation and a.person_number = any (array(select jsonb_object_keys(v_employed))) and (a.ends_on is null or a.ends_on >= current_date)
     and a.employment_seat is distinct from (v_employed ->> a.person_number)::uuid;
  -- a name that changed, for people employed already
  update graph.person p set display_name = n.display_name
    from jsonb_to_recordset(v_rows) as n(id uuid, display_name text)
    join graph.assignment a on a.id = n.id and a.room_id = v_room join graph.seat s on s.id = a.employment_seat
   where p.id = s.person_id and p.display_name <> n.display_name and s.ends_at > now() and not access.employed_elsewhere(p.id, v_organisation);
  for r in select n.*, f.kind, f.room_id as entry from jsonb_to_recordset(v_seats) as n(assignment uuid, seat uuid, personal uuid, forum uuid, side text, office text,
      title text, starts_at timestamptz, ends_at timestamptz) left join graph.forum f on f.id = n.forum where n.forum is not null loop
    select s.person_id into v_person from graph.assignment a join graph.seat s on s.id = a.employment_seat where a.id = r.assignment and a.room_id = v_room;
    if v_person is null or r.entry is null or not access.opens(r.entry, false)
       or not access.kept_by_hr(r.forum, r.side, r.office) then perform access.refuse(); end if;
    perform access.make_seat(r.seat, r.personal, r.forum, v_organisation, v_person, r.side, r.office, r.title, null, null, false, r.starts_at, r.ends_at);
    update graph.assignment a set post_seat = r.seat where a.id = r.assignment;
  end loop;
end $$;

-- As in 0001, but a sign-in of one's own accepts nothing, and one that HR tells of in the same moment is no conflict.
create or replace function access.invitation_accept(p_code_hash bytea, p_issuer text, p_subject text, p_name text, p_person uuid, p_account uuid, p_seat uuid, p_personal uuid,
  p_made bigint, p_proof text) returns table (account_id uuid, seat_id uuid, invitation_id uuid)
language plpgsql security definer set search_path = '' as $$
declare v graph.invitation; v_account access.account; v_organisation uuid;
begin
  perform access.check_proof(concat_ws('|', 'accept', access.text_digest(p_issuer), access.text_digest(p_subject), pg_backend_pid(), p_made), p_made, p_proof);
  select * into v from graph.invitation i where i.code_hash = p_code_hash for update;
  if v.id is null or v.accepted_at is not null or v.expires_at <= now() or (v.issuer is not null and v.issuer <> p_issuer)
     or exists (select from graph.seat s where s.id = v.issued_by and s.ends_at <= now()) then perform access.refuse(); end if;
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'account', p_issuer, p_subject), 0));
  select * into v_account from access.account a where a.issuer = p_issuer and a.subject = p_subject;
  if v_account.id is null then
    insert into graph.person (id, display_name) values (p_person, p_name);
    insert into access.account (id, issuer, subject, person_id) values (p_account, p_issuer, p_subject, p_person) on conflict (issuer, subject) do nothing;
    select * into v_account from access.account a where a.issuer = p_issuer and a.subject = p_subject;
  end if;
  if v_account.closed_at <= now() or v_account.own_only then perform access.refuse(); end if;
  select f.organisation_id into v_organisation from graph.forum f where f.id = v.forum_id;
  perform access.make_seat(p_seat, p_personal, v.forum_id, v_organisation, v_account.person_id, v.side, v.office, null, v.union_id, v.issuer, false, now(), 'infinity');
  update graph.invitation i set accepted_at = now() where i.id = v.id;
  return query select v_account.id, p_seat, v.id;
end $$;

revoke all on function access.people_keep, access.kept_by_hr, access.person_told, access.employed_elsewhere from public;
grant execute on function access.people_keep to partnership_app;

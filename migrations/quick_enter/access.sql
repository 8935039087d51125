-- The same answers as in 0001, for a fraction of the time. Run as partnership_access.
-- A SQL function is planned again on every call before PostgreSQL 18, and a query that no generic plan fits on every call
-- since; PL/pgSQL plans a query once for each connection. So what every statement and every viewer calls is PL/pgSQL here.
create or replace function access.sealed() returns boolean language plpgsql stable security definer set search_path = '' as $$
declare k bytea;
begin
  select s.k into k from access.secret s;
  return coalesce(current_setting('app.seal', true) = encode(sha256(k || sha256(k || convert_to(concat_ws('|', current_setting('app.person', true),
    encode(sha256(convert_to(current_setting('app.issuer', true), 'UTF8')), 'hex'), current_setting('app.seat', true), current_setting('app.rooms', true),
    current_setting('app.barred', true), pg_backend_pid(), (extract(epoch from now()) * 1000000)::bigint), 'UTF8'))), 'hex'), false);
end $$;

create or replace function access.rooms() returns uuid[] language plpgsql stable security definer set search_path = '' as $$
begin
  return case when access.sealed() then current_setting('app.rooms', true)::uuid[] else '{}' end;
end $$;
create or replace function access.barred() returns uuid[] language plpgsql stable security definer set search_path = '' as $$
begin
  return case when access.sealed() then current_setting('app.barred', true)::uuid[] else '{}' end;
end $$;
create or replace function access.person() returns uuid language plpgsql stable security definer set search_path = '' as $$
begin
  return case when access.sealed() then nullif(current_setting('app.person', true), '')::uuid end;
end $$;
create or replace function access.issuer() returns text language plpgsql stable security definer set search_path = '' as $$
begin
  return case when access.sealed() then current_setting('app.issuer', true) end;
end $$;
create or replace function access.seat() returns uuid language plpgsql stable security definer set search_path = '' as $$
begin
  return case when access.sealed() then nullif(current_setting('app.seat', true), '')::uuid end;
end $$;

-- The rooms that seats open directly: one text, planned for the one seat that most act in, and for all seats of a viewer at
-- once. A forum's seat and an organisation's own are told apart by which keys are there, so that one plan, by the indexes,
-- serves both.
do $do$ declare given record; begin
  for given in values ('p_seat graph.seat', '(select p_seat.*)'), ('p_seats graph.seat[]', 'unnest(p_seats)') loop
    execute format($function$
create or replace function access.rooms_of(%1$s) returns uuid[] language plpgsql stable security definer set search_path = '' as $$
begin
  return (select coalesce(array_agg(distinct found.id), '{}') from (
    select s.personal_room as id from %2$s s
    union all
    select r.id from %2$s s join graph.room r on r.organisation_id = s.organisation_id
     where r.forum_id is null and r.purpose in ('ORGANISATION', 'REGION')
    union all
    select r.id from %2$s s join graph.forum_organisation f on f.forum_id = s.forum_id
      join graph.room r on r.organisation_id = f.organisation_id
     where r.forum_id is null and r.purpose in ('ORGANISATION', 'REGION')
    union all
    select r.id from %2$s s join graph.forum f on f.id = s.forum_id
      join access.office o on o.kind = f.kind and o.side = s.side and o.office = s.office
      join graph.room r on r.forum_id = f.id and r.purpose = any (o.opens)
    union all
    select r.id from %2$s s join access.office o on o.kind = 'ORGANISATION' and o.side = s.side and o.office = s.office
      join graph.room r on r.organisation_id = s.organisation_id and r.purpose = any (o.opens)
     where s.forum_id is null and r.forum_id is null
    union all
    select r.id from %2$s s join graph.forum f on f.id = s.forum_id
      join access.office o on o.kind = f.kind and o.side = s.side and o.office = s.office
      join graph.terms_of_reference t on t.forum_id = f.id and current_date >= t.starts_on and current_date < t.ends_on
      join graph.room r on r.forum_id = f.id and r.purpose = any (o.opens_by_terms)
     where s.office in ('ALLY', 'STAFF_SIDE_LEAD')
       and ((s.office = 'ALLY' and t.opens_to_allies) or (s.office = 'STAFF_SIDE_LEAD' and t.opens_to_staff_side_lead))
  ) found);
end $$
    $function$, given.column1, given.column2);
  end loop;
end $do$;
revoke execute on function access.rooms_of(graph.seat[]) from public;

-- As in 0001; the seats held are read once.
create or replace function access.enter(p_account uuid, p_seat uuid, p_merge boolean, p_made bigint, p_proof text)
returns table (moment timestamptz, person_id uuid, seat_id uuid, held integer)
language plpgsql security definer set search_path = '' as $$
declare
  v_person uuid; v_issuer text; v_acting graph.seat[]; v_rooms uuid[]; v_barred uuid[]; v_held integer; v_seat uuid;
begin
  perform access.check_proof(concat_ws('|', 'enter', p_account, p_seat, p_merge, pg_backend_pid(), p_made), p_made, p_proof);
  select a.person_id, a.issuer into v_person, v_issuer from access.account a where a.id = p_account and a.closed_at > now();
  -- the chosen seat, or all, or the one seat, not counting employment where there is another
  select count(*), array_agg(h.seat) filter (where case
      when p_seat is not null then h.id = p_seat
      when p_merge then true
      else h.seats = 1 or (h.offices = 1 and h.office <> 'EMPLOYEE') end)
    into v_held, v_acting from (
      select s as seat, s.id, s.office, count(*) over () as seats, count(*) filter (where s.office <> 'EMPLOYEE') over () as offices
        from access.held(p_account) s) h;
  if v_acting is null then
    -- no capacity chosen: the open rooms of one's organisations, nothing else
    select coalesce(array_agg(distinct r.id), '{}') into v_rooms
      from access.held(p_account) h join graph.room r on r.organisation_id = h.organisation_id
     where r.forum_id is null and r.purpose in ('ORGANISATION', 'REGION') and p_seat is null;
  elsif cardinality(v_acting) = 1 then
    v_rooms := access.rooms_of(v_acting[1]);
  else
    v_rooms := access.rooms_of(v_acting);
  end if;
  if cardinality(v_acting) = 1 and not p_merge then v_seat := v_acting[1].id; end if;
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

-- The functions as 0001 made them, for a downgrade. Run as partnership_access.

create or replace function access.sealed() returns boolean language sql stable security definer set search_path = '' as $$
  select coalesce(current_setting('app.seal', true) = access.sign(concat_ws('|', current_setting('app.person', true),
    access.text_digest(current_setting('app.issuer', true)), current_setting('app.seat', true), current_setting('app.rooms', true),
    current_setting('app.barred', true), pg_backend_pid(), access.now_micros())), false) $$;

create or replace function access.rooms() returns uuid[] language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then current_setting('app.rooms', true)::uuid[] else '{}' end $$;

create or replace function access.barred() returns uuid[] language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then current_setting('app.barred', true)::uuid[] else '{}' end $$;

create or replace function access.person() returns uuid language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then nullif(current_setting('app.person', true), '')::uuid end $$;

create or replace function access.issuer() returns text language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then current_setting('app.issuer', true) end $$;

create or replace function access.seat() returns uuid language sql stable security definer set search_path = '' as $$
  select case when access.sealed() then nullif(current_setting('app.seat', true), '')::uuid end $$;

create or replace function access.rooms_of(p_seat graph.seat) returns uuid[] language sql stable security definer set search_path = '' as $$
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

create or replace function access.enter(p_account uuid, p_seat uuid, p_merge boolean, p_made bigint, p_proof text)
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

drop function access.rooms_of(graph.seat[]);

-- Somebody with one seat in a committee's secretariat (three rooms) and so many memberships of networks, trust after
-- trust, that all seats together open about bench.rooms rooms.
set local session_replication_role = replica;
create function pg_temp.id(variadic words text[]) returns uuid language sql immutable as $$ select md5(array_to_string(words, '/'))::uuid $$;

create temp table chosen on commit drop as
  with network as (
    select f.id, f.organisation_id, r.id as home, row_number() over (order by f.organisation_id = own.organisation_id desc, f.organisation_id, f.id) as place,
           dense_rank() over (order by f.organisation_id = own.organisation_id desc, f.organisation_id) as trust
      from graph.forum f join graph.room r on r.forum_id = f.id and r.purpose = 'OFFICERS'
      join graph.forum own on own.id = current_setting('bench.forum')::uuid
     where f.kind = 'STAFF_NETWORK')
  select id, organisation_id, home, 'NETWORK' as side, 'MEMBER' as office from network where 3 + 2 * place + trust - 1 <= current_setting('bench.rooms')::int
  union all
  select f.id, f.organisation_id, f.room_id, 'NONE', 'SECRETARIAT' from graph.forum f where f.id = current_setting('bench.forum')::uuid;

insert into graph.person (id, display_name) select pg_temp.id('person', s), s from current_setting('bench.subject') s;
insert into access.account (id, issuer, subject, person_id)
  select pg_temp.id('account', s), current_setting('bench.issuer'), s, pg_temp.id('person', s) from current_setting('bench.subject') s;
insert into graph.room (id, purpose) select pg_temp.id('personal', current_setting('bench.subject'), id::text), 'PERSONAL' from chosen;
insert into graph.door (from_room, into_room, may_write) select r, r, true from chosen, pg_temp.id('personal', current_setting('bench.subject'), id::text) r;
insert into graph.seat (id, room_id, forum_id, organisation_id, person_id, office, side, personal_room)
  select pg_temp.id('seat', current_setting('bench.subject'), id::text), home, id, organisation_id,
         pg_temp.id('person', current_setting('bench.subject')), office, side, pg_temp.id('personal', current_setting('bench.subject'), id::text)
    from chosen;

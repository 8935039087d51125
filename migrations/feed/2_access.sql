-- What keeps the feed, and what reads it. Run as partnership_access.
-- Rows that are things of their own: named after their table.
create function access.follow_rows() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into access.change (room_id, node, id, home) select f.room_id, tg_argv[0], f.id, f.room_id from fresh f
    on conflict (room_id, node, id, only_for) do update set changed_in = excluded.changed_in;
  return null;
end $$;

-- Rows that are part of a thing: which thing, by which column, in which column's room. And things that one may see only where
-- one more room is open, in that room.
create function access.follow_parts() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into access.change (room_id, node, id, home)
    select distinct (to_jsonb(f) ->> tg_argv[2])::uuid, tg_argv[0], (to_jsonb(f) ->> tg_argv[1])::uuid,
           case when tg_table_name = tg_argv[0] then (to_jsonb(f) ->> 'room_id')::uuid end from fresh f
     where to_jsonb(f) ->> tg_argv[1] is not null and to_jsonb(f) ->> tg_argv[2] is not null
    on conflict (room_id, node, id, only_for) do update set changed_in = excluded.changed_in;
  return null;
end $$;

-- A person shows in their seats.
create function access.follow_persons() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into access.change (room_id, node, id)
    select s.room_id, 'seat', s.id from fresh f join graph.seat s on s.person_id = f.id
    union
    select s.person_id, 'seat', s.id from fresh f join graph.seat s on s.person_id = f.id
    on conflict (room_id, node, id, only_for) do update set changed_in = excluded.changed_in;
  return null;
end $$;

-- A door is nothing to read, but whoever is in the room that it leads from has another room to look into.
create function access.follow_doors() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into access.change (room_id, node, id) select f.from_room, 'door', f.into_room from fresh f
    on conflict (room_id, node, id, only_for) do update set changed_in = excluded.changed_in;
  return null;
end $$;

-- Who is barred from a room is told to look again, and loses what lies elsewhere and speaks of what is in it: only what was
-- there before, as one who was barred first has never seen it.
create function access.follow_bars() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into access.change (room_id, node, id, only_for)
    select f.person_id, 'door', f.room_id, '00000000-0000-0000-0000-000000000000'::uuid from fresh f
    union
    select c.room_id, c.node, c.id, f.person_id from fresh f join (
        select n.room_id, 'issue_notice' as node, n.id, n.step_room from graph.issue_notice n
        union all
        select n.room_id, 'step_note', n.id, n.step_room from graph.step_note n
        union all
        select a.room_id, 'agenda_item', a.id, a.step_room from graph.agenda_item a) c on c.step_room = f.room_id
    union
    select f.room_id, 'consultation', c.id, '00000000-0000-0000-0000-000000000000'::uuid
      from fresh f join graph.consultation c on c.case_room = f.room_id where f.reason <> ''
    on conflict (room_id, node, id, only_for) do update set changed_in = excluded.changed_in;
  return null;
end $$;

-- The rooms that are open to the caller, and the caller.
create function access.opened() returns uuid[] language sql stable security definer set search_path = '' as $$
  select array_append(array(select distinct d.into_room from graph.door d
   where d.from_room = any (access.rooms()) and d.into_room <> all (access.barred()) and now() >= d.opens_at and now() < d.closes_at), access.person()) $$;

-- What was in rooms that were open to the reader and are closed now, as far as it was there when they last read, and whether they
-- could have seen it: a line that is only a part of a thing, or beside it, tells of it to who may still see it. By id, so that
-- the order tells nothing.
create function access.feed_closed(p_rooms uuid[], p_told uuid[], p_known text, p_after_room uuid, p_after_node text, p_after_id uuid,
  p_most integer, p_made bigint, p_proof text) returns table (room_id uuid, node text, id uuid, kind text, taken boolean)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'feed', pg_backend_pid(), p_made), p_made, p_proof);
  return query select c.room_id, c.node, c.id, f.kind,
      coalesce(c.home = any (p_told), false) and coalesce(second.room = any (p_told), c.node <> all (array['consultee', 'step_note', 'agenda_item']))
      -- what speaks of a matter that the reader is barred from was taken from them then, or never theirs
      and not exists (select from graph.bar b where b.person_id = access.person() and b.room_id in (second.room, notice.step_room))
    from access.change c left join graph.forum f on c.node = 'forum' and f.id = c.id
      left join graph.issue_notice notice on c.node = 'issue_notice' and notice.id = c.id
      -- of some things one sees none unless a second room is open too
      left join lateral (
        select k.consultation_room as room from graph.consultee k where c.node = 'consultee' and k.id = c.id
        union all select n.step_room from graph.step_note n where c.node = 'step_note' and n.id = c.id
        union all select i.step_room from graph.agenda_item i where c.node = 'agenda_item' and i.id = c.id) second on true
    where c.room_id = any (p_rooms) and c.node <> 'door' and c.only_for = '00000000-0000-0000-0000-000000000000'
      and pg_visible_in_snapshot(c.first_in, p_known::pg_snapshot)
      and (p_after_room is null or (c.room_id, c.node, c.id) > (p_after_room, p_after_node, p_after_id))
    order by c.room_id, c.node, c.id limit p_most;
end $$;

-- All that is in rooms that were not open to the reader before, as it stood in a snapshot: by id, so that the order tells nothing.
create function access.feed_opened(p_rooms uuid[], p_until text, p_after_room uuid, p_after_node text, p_after_id uuid, p_most integer,
  p_made bigint, p_proof text) returns table (room_id uuid, node text, id uuid)
language plpgsql stable security definer set search_path = '' as $$
declare v_open uuid[];
begin
  perform access.check_proof(concat_ws('|', 'feed', pg_backend_pid(), p_made), p_made, p_proof);
  v_open := access.opened();
  return query select c.room_id, c.node, c.id from access.change c
    where c.room_id = any (p_rooms) and c.room_id = any (v_open) and c.node <> 'door'
      and c.only_for = '00000000-0000-0000-0000-000000000000' and pg_visible_in_snapshot(c.changed_in, p_until::pg_snapshot)
      and (p_after_room is null or (c.room_id, c.node, c.id) > (p_after_room, p_after_node, p_after_id))
    order by c.room_id, c.node, c.id limit p_most;
end $$;

-- What changed in rooms that were open before, between two snapshots, in the order in which it was written.
create function access.feed_changed(p_rooms uuid[], p_since text, p_until text, p_after text, p_after_room uuid, p_after_node text,
  p_after_id uuid, p_most integer, p_made bigint, p_proof text)
returns table (room_id uuid, node text, id uuid, taken boolean, changed_in text)
language plpgsql stable security definer set search_path = '' as $$
declare v_open uuid[];
begin
  perform access.check_proof(concat_ws('|', 'feed', pg_backend_pid(), p_made), p_made, p_proof);
  v_open := access.opened();
  return query select c.room_id, c.node, c.id, c.only_for <> '00000000-0000-0000-0000-000000000000', c.changed_in::text from access.change c
    where c.room_id = any (p_rooms) and c.room_id = any (v_open) and c.node <> 'door'
      and c.only_for in ('00000000-0000-0000-0000-000000000000', access.person())
      and c.changed_in >= pg_snapshot_xmin(p_since::pg_snapshot) and not pg_visible_in_snapshot(c.changed_in, p_since::pg_snapshot)
      and pg_visible_in_snapshot(c.changed_in, p_until::pg_snapshot)
      and (c.changed_in, c.room_id, c.node, c.id) > (p_after::xid8, p_after_room, p_after_node, p_after_id)
    order by c.changed_in, c.room_id, c.node, c.id limit p_most;
end $$;

-- Which rooms something changed in since a snapshot, for the service alone: it wakes whoever is in one of them and nobody else.
create function access.feed_stirred(p_since text, p_made bigint, p_proof text) returns table (room_id uuid)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'feed', pg_backend_pid(), p_made), p_made, p_proof);
  return query select distinct c.room_id from access.change c
    where c.changed_in >= pg_snapshot_xmin(p_since::pg_snapshot) and not pg_visible_in_snapshot(c.changed_in, p_since::pg_snapshot);
end $$;

-- Of those who listen, the ones who no longer may: whose seat ended, or whose account closed. For the service alone, which
-- asks for all of them at once.
create function access.no_longer_held(p_accounts uuid[], p_seats uuid[], p_made bigint, p_proof text) returns table (place bigint)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'feed', pg_backend_pid(), p_made), p_made, p_proof);
  return query select u.place from unnest(p_accounts, p_seats) with ordinality as u(account, seat, place)
    where case when u.seat is null then not exists (select from access.account a where a.id = u.account and a.closed_at > now())
               else not exists (select from access.held(u.account) h where h.id = u.seat) end;
end $$;

revoke all on function access.follow_rows, access.follow_parts, access.follow_persons, access.follow_doors,
  access.follow_bars, access.opened, access.feed_closed, access.feed_opened, access.feed_changed, access.feed_stirred,
  access.no_longer_held from public;
grant execute on function access.follow_rows, access.follow_parts, access.follow_persons, access.follow_doors,
  access.follow_bars to partnership_owner;
grant execute on function access.feed_closed, access.feed_opened, access.feed_changed, access.feed_stirred,
  access.no_longer_held to partnership_app;

-- The same doors, asked for row by row. Run as partnership_owner.
-- A page must cost what the page holds, not what the table holds nor how many rooms its viewer has. PostgreSQL answers
-- `exists (... where d.into_room = t.room_id)` either by one look at the doors into each row's room, or by reading every
-- door of the viewer once into a hash; it cannot know how many those are, and where they are a hundred thousand it chose to
-- read them all for a page of twenty. `offset 0` changes no answer (an exists never is null, and skips no row here), but it
-- takes the second way from the planner: rows are asked about one by one, and only rows that are looked at.
do $$ declare p record; begin
  set local search_path = '';
  for p in select schemaname, tablename, policyname, qual, with_check from pg_catalog.pg_policies
            where schemaname = 'graph' and 'partnership_app' = any (roles) loop
    execute concat(format('alter policy %I on %I.%I', p.policyname, p.schemaname, p.tablename),
      ' using (' || regexp_replace(p.qual, '(\((?:d\.into_room|s\.person_id|a\.comment_id) = \w+\.\w+\)( AND d\.may_write\))?)', '\1 offset 0', 'g') || ')',
      ' with check (' || regexp_replace(p.with_check, '(\(d\.into_room = \w+\.\w+\)( AND d\.may_write\))?)', '\1 offset 0', 'g') || ')');
  end loop;
end $$;

-- The one look reads one entry of the key and nothing else: it finds the doors into the room and carries what the policy on
-- doors asks. Whether a door starts from a room of one's own is a hash of the viewer's rooms, made once for a statement:
-- `= any (array)` compares with each room in turn, or before PostgreSQL 17 searches the index once for each, at every look.
create unique index door_key on graph.door (into_room, from_room) include (may_write, opens_at, closes_at);
alter table graph.door drop constraint door_pkey, add constraint door_pkey primary key using index door_key;
alter policy mine on graph.door using (from_room in (select unnest((select access.rooms())::uuid[]))
  and into_room <> all ((select access.barred())::uuid[]) and now() >= opens_at and now() < closes_at);

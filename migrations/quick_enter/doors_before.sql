-- The walls in the words of 0001, for a downgrade. Run as partnership_owner.
do $$ declare p record; begin
  set local search_path = '';
  for p in select schemaname, tablename, policyname, qual, with_check from pg_catalog.pg_policies
            where schemaname = 'graph' and 'partnership_app' = any (roles) loop
    execute concat(format('alter policy %I on %I.%I', p.policyname, p.schemaname, p.tablename),
      ' using (' || regexp_replace(p.qual, '\s+OFFSET 0', '', 'g') || ')',
      ' with check (' || regexp_replace(p.with_check, '\s+OFFSET 0', '', 'g') || ')');
  end loop;
end $$;
alter policy mine on graph.door using (from_room = any ((select access.rooms())::uuid[])
  and into_room <> all ((select access.barred())::uuid[]) and now() >= opens_at and now() < closes_at);
create unique index door_key on graph.door (into_room, from_room);
alter table graph.door drop constraint door_pkey, add constraint door_pkey primary key using index door_key;

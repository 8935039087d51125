-- The walls around reports and releases, in the words of 0001 and 0002. Run as partnership_owner.
alter table access.release_taken enable row level security;
alter table access.release_taken force row level security;
create policy keeper_migrator on access.release_taken to partnership_migrator using (true) with check (true);
grant select, insert, update, delete on access.release_taken to partnership_migrator;
create policy keeper_access on access.release_taken to partnership_access using (true) with check (true);
grant select, insert on access.release_taken to partnership_access;
do $$ declare t text; begin
  foreach t in array array['report_definition', 'metric', 'region_member', 'report', 'report_key', 'report_draft', 'report_sign_off', 'report_version',
      'report_figure', 'report_receiver', 'report_answer', 'report_publication', 'report_import', 'release', 'release_cell', 'release_contributor'] loop
    execute format('alter table graph.%I enable row level security', t);
    execute format('alter table graph.%I force row level security', t);
    execute format('create policy keeper_migrator on graph.%I to partnership_migrator using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on graph.%I to partnership_migrator', t);
  end loop;
  -- what the definer functions read and write
  foreach t in array array['report_definition', 'region_member', 'report', 'report_version', 'report_figure', 'report_answer', 'report_publication',
      'release', 'release_cell', 'release_contributor'] loop
    execute format('create policy keeper_access on graph.%I to partnership_access using (true) with check (true)', t);
    execute format('grant select on graph.%I to partnership_access', t);
  end loop;
  -- reference data, public to whoever has signed in
  foreach t in array array['report_definition', 'metric', 'region_member'] loop
    execute format('create policy public_reference on graph.%I for select to partnership_app using (true)', t);
    execute format('grant select on graph.%I to partnership_app', t);
  end loop;
  -- is there a door for me into the row's room, and may I write there? Publications and releases are the definers' alone to write.
  foreach t in array array['report', 'report_key', 'report_draft', 'report_sign_off', 'report_version', 'report_figure', 'report_receiver', 'report_answer',
      'report_publication', 'report_import', 'release', 'release_cell', 'release_contributor'] loop
    execute format('create policy open on graph.%1$I for select to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id offset 0))', t);
    execute format('grant select on graph.%I to partnership_app', t);
  end loop;
  foreach t in array array['report', 'report_key', 'report_draft', 'report_sign_off', 'report_version', 'report_figure', 'report_receiver', 'report_answer',
      'report_import'] loop
    execute format('create policy open_insert on graph.%1$I for insert to partnership_app with check (exists (select from graph.door d where d.into_room = %1$I.room_id and d.may_write offset 0))', t);
    execute format('grant insert on graph.%I to partnership_app', t);
  end loop;
end $$;
grant insert on graph.report_publication, graph.release, graph.release_cell, graph.release_contributor to partnership_access;
create policy open_update on graph.report_draft for update to partnership_app
  using (exists (select from graph.door d where d.into_room = report_draft.room_id and d.may_write offset 0));
grant update (figures, content_hash, is_open, revision, made_by_side, made_by_office, updated_at) on graph.report_draft to partnership_app;

-- A reference across rooms needs the other room open too, so that a foreign key is no oracle.
do $$ declare r record; begin
  for r in select * from (values ('report', 'forum_room'), ('report_key', 'report_room'), ('report_draft', 'report_room'), ('report_version', 'report_room'),
      ('report_receiver', 'forum_room')) as v(t, c) loop
    execute format('create policy target_%2$s on graph.%1$I as restrictive for insert to partnership_app with check (%1$I.%2$I is null or exists (select from graph.door d where d.into_room = %1$I.%2$I offset 0))', r.t, r.c);
  end loop;
end $$;
-- Nobody speaks for another: who signs off, answers or submits is the acting seat itself.
do $$ declare t text; begin
  foreach t in array array['report_sign_off', 'report_answer'] loop
    execute format('create policy own_voice on graph.%1$I as restrictive for insert to partnership_app with check (exists (select from graph.seat s where s.id = (select access.seat()) and s.forum_id = %1$I.forum_id and s.side = %1$I.side and s.office = %1$I.office))', t);
  end loop;
end $$;
create policy own_voice on graph.report_version as restrictive for insert to partnership_app
  with check (exists (select from graph.seat s where s.id = (select access.seat()) and s.side = report_version.side and s.office = report_version.office));

-- Every row by its room, for whoever asks what a room holds.
do $$ declare t text; begin
  foreach t in array array['report', 'report_draft', 'report_version', 'report_answer', 'report_publication', 'release'] loop
    execute format('create index on graph.%I (room_id)', t);
  end loop;
end $$;

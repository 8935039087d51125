-- What HR tells of who works in an organisation. Run as partnership_owner.
-- An assignment lies in the organisation's WORKFORCE room, with the name that HR gave; which person it became is told by its
-- seat of employment, which lies there too. Written by access.people_keep alone.
create table graph.assignment (
  id uuid primary key,
  room_id uuid not null references graph.room,
  organisation_id uuid not null references graph.organisation,
  person_number text not null,
  assignment_number text not null,
  display_name text not null,
  issuer text not null,
  subject text not null,
  starts_on date not null,
  ends_on date,
  forum_id uuid references graph.forum,
  side text,
  office text,
  title text,
  employment_seat uuid references graph.seat,
  post_seat uuid references graph.seat,
  -- whether a provisioning system deleted whom it is about
  dropped boolean not null default false,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  unique (room_id, assignment_number),
  check ((forum_id is null) = (office is null) and (forum_id is null) = (side is null))
);
create index on graph.assignment (organisation_id, person_number, assignment_number, id);
create index on graph.assignment (organisation_id, subject);
create index on graph.assignment (employment_seat);
create index on graph.assignment (post_seat);
-- A file that was sent and what became of it, for whoever sent it.
create table graph.people_import (
  id uuid primary key,
  room_id uuid not null references graph.room,
  mode text not null check (mode in ('FULL', 'CHANGES')),
  file_name text not null,
  content_hash text not null,
  row_count integer not null,
  dry_run boolean not null,
  stored boolean not null,
  joiners integer not null,
  movers integer not null,
  changed integer not null,
  leavers integer not null,
  unchanged integer not null,
  refused integer not null,
  differences jsonb not null,
  problems jsonb not null,
  created_at timestamptz not null default now()
);
create index on graph.people_import (room_id, created_at, id);

do $$ declare t text; begin
  foreach t in array array['assignment', 'people_import'] loop
    execute format('alter table graph.%I enable row level security', t);
    execute format('alter table graph.%I force row level security', t);
    execute format('create policy keeper_migrator on graph.%I to partnership_migrator using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on graph.%I to partnership_migrator', t);
    execute format('create policy open on graph.%1$I for select to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id offset 0))', t);
    execute format('grant select (%s) on graph.%I to partnership_app', (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
      from pg_attribute a where a.attrelid = format('graph.%I', t)::regclass and a.attnum > 0 and not a.attisdropped), t);
    execute format('create trigger follow_insert_0 after insert on graph.%1$I referencing new table as fresh for each statement execute function access.follow_rows(%1$L)', t);
  end loop;
end $$;
create trigger follow_update_1 after update on graph.assignment referencing new table as fresh for each statement
  execute function access.follow_rows('assignment');
create policy keeper_access on graph.assignment to partnership_access using (true) with check (true);
grant select, insert, update on graph.assignment to partnership_access;
create policy open_insert on graph.people_import for insert to partnership_app
  with check (exists (select from graph.door d where d.into_room = people_import.room_id and d.may_write offset 0));
grant insert on graph.people_import to partnership_app;
grant update (display_name) on graph.person to partnership_access;

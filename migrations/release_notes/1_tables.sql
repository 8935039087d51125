-- Release notes: a day and hours, in the own room of the seat that asked, with no body, side or kind. Run as partnership_owner.
create table graph.release_note (
  id uuid primary key,
  room_id uuid not null references graph.room,
  -- the employer of whoever is released, whichever body's seat they asked in
  organisation_id uuid not null references graph.organisation,
  on_day date not null,
  hours numeric not null check (hours > 0 and hours <= 12),
  code_hash bytea not null check (octet_length(code_hash) = 32),
  verifiable_until date not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  revision integer not null default 1
);
create index on graph.release_note (room_id, created_at, id);
create index on graph.release_note (code_hash);
create index on graph.release_note (organisation_id, on_day);
alter table graph.release_note enable row level security;
alter table graph.release_note force row level security;
create policy keeper_migrator on graph.release_note to partnership_migrator using (true) with check (true);
grant select, insert, update, delete on graph.release_note to partnership_migrator;
create policy keeper_access on graph.release_note to partnership_access using (true) with check (true);
grant select, insert, update (revoked_at, revision) on graph.release_note to partnership_access;
create policy open on graph.release_note for select to partnership_app using (exists (select from graph.door d where d.into_room = release_note.room_id offset 0));
grant select (id, room_id, organisation_id, on_day, hours, verifiable_until, created_at, revoked_at, revision) on graph.release_note to partnership_app;
create trigger follow_insert_0 after insert on graph.release_note referencing new table as fresh for each statement
  execute function access.follow_rows('release_note');
create trigger follow_update_1 after update on graph.release_note referencing new table as fresh for each statement
  execute function access.follow_rows('release_note');

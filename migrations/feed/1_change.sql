-- The change feed: for each row that somebody may read, the transaction that changed it last. Run as partnership_owner.
-- One line for each row and room, moved along when the row changes again: a feed that was away for a year reads each row once.
-- A place in the feed is a snapshot of PostgreSQL's own: what was not yet visible in it is what is new, so that a transaction
-- that began early and committed late is never missed, and no writer waits for another's number.
create table access.change (
  -- the room that it shows in; or a person, for what each sees of their own wherever it lies
  room_id uuid not null,
  node text not null,
  id uuid not null,
  -- where the thing itself lives, if this line tells: whoever could not open that room has never seen it
  home uuid,
  -- nobody in particular, or the one person from whom the row was taken away
  only_for uuid not null default '00000000-0000-0000-0000-000000000000',
  first_in xid8 not null default pg_current_xact_id(),
  changed_in xid8 not null default pg_current_xact_id(),
  primary key (room_id, node, id, only_for)
);
create index on access.change (room_id, changed_in);
create index on access.change (changed_in);
alter table access.change enable row level security;
alter table access.change force row level security;
create policy keeper_migrator on access.change to partnership_migrator using (true) with check (true);
grant select, insert, update, delete on access.change to partnership_migrator;
create policy keeper_access on access.change to partnership_access using (true) with check (true);
grant select, insert, update (changed_in) on access.change to partnership_access;
-- the service itself reads no line of it but through `access.feed_*`, which take its proof: a line tells which transaction wrote it
create policy keeper_access on graph.step_note for select to partnership_access using (true);
create policy keeper_access on graph.agenda_item for select to partnership_access using (true);
grant select (id, room_id, step_room) on graph.step_note, graph.agenda_item to partnership_access;
grant select (id, consultation_room) on graph.consultee to partnership_access;

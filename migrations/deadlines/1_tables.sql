-- Moments that come by themselves: a consultation closes, a clock runs out, a seat begins or ends. Run as partnership_owner.
-- Which of them have been told of, each once, whoever looks how often.
create table access.passed (
  kind text not null,
  id uuid not null,
  moment timestamptz not null,
  primary key (kind, id, moment)
);
-- Since when moments are told of, and which replica has them in hand now.
create table access.scheduler (
  only_row boolean primary key default true check (only_row),
  since timestamptz not null default now(),
  lease uuid,
  leased_until timestamptz not null default '-infinity'
);
-- On which day the region's picture of one kind of report is to be frozen, for all of the forum to read; and as whom.
create table graph.release_schedule (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null,
  forum_room uuid not null,
  definition_code text not null,
  freeze_on date not null,
  state text not null default 'PLANNED' check (state in ('PLANNED', 'FROZEN', 'REFUSED', 'WITHDRAWN')),
  -- no key: one onto a row in another room would tell hidden from absent
  release_id uuid,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (forum_id, forum_room) references graph.forum (id, room_id)
);
create index on graph.release_schedule (forum_id, freeze_on, id);
create index on graph.release_schedule (room_id);
create index on graph.release_schedule (freeze_on) where state = 'PLANNED';
create table access.release_turn (
  schedule_id uuid primary key references graph.release_schedule,
  account_id uuid not null,
  seat_id uuid not null,
  leased_until timestamptz not null default '-infinity'
);
do $$ declare t text; begin
  foreach t in array array['access.passed', 'access.scheduler', 'access.release_turn', 'graph.release_schedule'] loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy keeper_migrator on %s to partnership_migrator using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %s to partnership_migrator', t);
    execute format('create policy keeper_access on %s to partnership_access using (true) with check (true)', t);
  end loop;
end $$;
grant select, insert, delete on access.passed to partnership_access;
grant select, insert, update (leased_until) on access.release_turn to partnership_access;
grant select on graph.release_schedule to partnership_access;
create policy open on graph.release_schedule for select to partnership_app
  using (exists (select from graph.door d where d.into_room = release_schedule.room_id offset 0));
create policy open_insert on graph.release_schedule for insert to partnership_app
  with check (exists (select from graph.door d where d.into_room = release_schedule.room_id and d.may_write offset 0));
create policy open_update on graph.release_schedule for update to partnership_app
  using (exists (select from graph.door d where d.into_room = release_schedule.room_id and d.may_write offset 0));
create policy target_forum_room on graph.release_schedule as restrictive for insert to partnership_app
  with check (release_schedule.forum_room is null or exists (select from graph.door d where d.into_room = release_schedule.forum_room offset 0));
grant select (id, room_id, forum_id, forum_room, definition_code, freeze_on, state, release_id, revision, created_at), insert,
  update (state, release_id, revision) on graph.release_schedule to partnership_app;
create trigger follow_insert_0 after insert on graph.release_schedule referencing new table as fresh for each statement
  execute function access.follow_rows('release_schedule');
create trigger follow_update_1 after update on graph.release_schedule referencing new table as fresh for each statement
  execute function access.follow_rows('release_schedule');
grant select, update (lease, leased_until) on access.scheduler to partnership_access;
set local role partnership_migrator;
insert into access.scheduler default values;
set local role partnership_owner;
create index consultation_closing on graph.consultation (closes_at) where stored_state = 'OPEN';
create index consultee_extended on graph.consultee (extended_to) where extended_to is not null;
create index seat_ending on graph.seat (ends_at) where ends_at < 'infinity';
create index seat_starting on graph.seat (starts_at) where starts_at > '-infinity';
create index step_under_way on graph.escalation_step (answer_by) where state in ('SENT', 'ACKNOWLEDGED', 'ACCEPTED', 'ON_AGENDA');
-- what the definers look at, and touch so that its triggers tell
create policy keeper_access_clock on graph.consultation for update to partnership_access using (true);
create policy keeper_access_clock on graph.consultee for update to partnership_access using (true);
grant select (stored_state, closes_at, revision), update (closes_at) on graph.consultation to partnership_access;
grant select (extended_to, revision), update (extended_to) on graph.consultee to partnership_access;
create policy keeper_access_old on graph.idempotency for delete to partnership_access using (created_at < now() - interval '7 days');
create policy keeper_access_old_read on graph.idempotency for select to partnership_access using (created_at < now() - interval '7 days');
grant select (key, created_at), delete on graph.idempotency to partnership_access;

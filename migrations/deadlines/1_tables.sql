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
do $$ declare t text; begin
  foreach t in array array['access.passed', 'access.scheduler'] loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy keeper_migrator on %s to partnership_migrator using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %s to partnership_migrator', t);
    execute format('create policy keeper_access on %s to partnership_access using (true) with check (true)', t);
  end loop;
end $$;
grant select, insert, delete on access.passed to partnership_access;
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

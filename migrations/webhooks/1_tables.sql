-- Webhooks. Endpoints and deliveries lie in the personal room of the seat that asked for them. Run as partnership_owner.
create table graph.webhook_endpoint (
  id uuid primary key,
  room_id uuid not null references graph.room,
  url text not null,
  types text[] not null,
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'ENDED')),
  -- sealed by the service, so that a copy of the database does not hold them
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz,
  created_at timestamptz not null default now(),
  revision integer not null default 1,
  unique (id, room_id)
);
create index on graph.webhook_endpoint (room_id);
create table graph.webhook_delivery (
  id uuid primary key,
  room_id uuid not null references graph.room,
  endpoint_id uuid not null,
  -- what is kept in order: the changes that one room told of
  lane uuid not null,
  place integer not null,
  type text not null,
  type_name text not null,
  node uuid not null,
  state text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'DROPPED', 'DEAD')),
  attempts integer not null default 0,
  last_status integer,
  created_at timestamptz not null default now(),
  first_tried_at timestamptz,
  due_at timestamptz not null default now(),
  foreign key (endpoint_id, room_id) references graph.webhook_endpoint (id, room_id)
);
create index on graph.webhook_delivery (endpoint_id, created_at, place);
create index on graph.webhook_delivery (endpoint_id, lane, created_at, place) where state = 'PENDING';
create index on graph.webhook_delivery (room_id);
-- As whom the worker enters for an endpoint, what it was told of, and who has it in hand now.
create table access.webhook_turn (
  endpoint_id uuid primary key references graph.webhook_endpoint,
  account_id uuid not null,
  seat_id uuid not null,
  told text not null,
  lease uuid,
  leased_until timestamptz not null default '-infinity',
  look_at timestamptz not null default now()
);
create index on access.webhook_turn (look_at);

do $$ declare t text; begin
  foreach t in array array['graph.webhook_endpoint', 'graph.webhook_delivery', 'access.webhook_turn'] loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy keeper_migrator on %s to partnership_migrator using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %s to partnership_migrator', t);
    execute format('create policy keeper_access on %s to partnership_access using (true) with check (true)', t);
  end loop;
  foreach t in array array['webhook_endpoint', 'webhook_delivery'] loop
    execute format('create policy open on graph.%1$I for select to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id offset 0))', t);
    execute format('create policy open_insert on graph.%1$I for insert to partnership_app with check (exists (select from graph.door d where d.into_room = %1$I.room_id and d.may_write offset 0))', t);
    execute format('create policy open_update on graph.%1$I for update to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id and d.may_write offset 0))', t);
    execute format('grant insert on graph.%I to partnership_app', t);
    execute format('grant select (%s) on graph.%I to partnership_app', (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
      from pg_attribute a where a.attrelid = format('graph.%I', t)::regclass and a.attnum > 0 and not a.attisdropped), t);
  end loop;
end $$;
grant update (state, secret, previous_secret, previous_until, revision) on graph.webhook_endpoint to partnership_app;
grant update (state, attempts, last_status, first_tried_at, due_at) on graph.webhook_delivery to partnership_app;
grant select on graph.webhook_endpoint to partnership_access;
grant select (id, state, created_at), delete on graph.webhook_delivery to partnership_access;
grant select, insert, update on access.webhook_turn to partnership_access;
-- An endpoint is a thing of the graph; what is delivered to it is not followed, or each delivery would make another.
create trigger follow_insert_0 after insert on graph.webhook_endpoint referencing new table as fresh for each statement
  execute function access.follow_rows('webhook_endpoint');
create trigger follow_update_1 after update on graph.webhook_endpoint referencing new table as fresh for each statement
  execute function access.follow_rows('webhook_endpoint');

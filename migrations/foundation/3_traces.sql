-- What every act leaves: an audit entry chained per room, an event numbered per room, the outcome under its key.
create table graph.room_head (
  room_id uuid primary key references graph.room,
  audit_sequence bigint not null default 0,
  audit_hash text not null default '',
  event_sequence bigint not null default 0
);
create table graph.audit_entry (
  id uuid primary key,
  room_id uuid not null references graph.room,
  sequence bigint not null,
  act text not null,
  outcome text not null check (outcome in ('DONE', 'REFUSED')),
  code text,
  forum_id uuid,
  side text not null,
  office text not null,
  target_id uuid,
  happened_at timestamptz not null,
  commitment text not null,
  previous_hash text not null,
  hash text not null,
  unique (room_id, sequence)
);
-- Who acted and what was said, in the acting seat's own room. Destroying the salt erases it; the chain still verifies.
create table graph.audit_detail (
  entry_id uuid primary key references graph.audit_entry,
  room_id uuid not null references graph.room,
  salt text,
  detail text
);
create table graph.event (
  id uuid primary key,
  room_id uuid not null references graph.room,
  sequence bigint not null,
  type text not null,
  target_id uuid,
  revision integer,
  happened_at timestamptz not null,
  unique (room_id, sequence)
);
create index on graph.event (happened_at, id);
create table graph.idempotency (
  key bytea primary key,
  room_id uuid not null references graph.room,
  input_hash bytea not null,
  outcome jsonb not null,
  created_at timestamptz not null default now()
);
create index on graph.idempotency (created_at);

-- Organisations, forums, rooms, seats, doors. Owned by partnership_owner, who cannot sign in.
create schema if not exists graph;
create schema access;
grant usage on schema graph, access to partnership_app, partnership_access, partnership_migrator, partnership_auditor, partnership_relay, partnership_scheduler;
grant create on schema access to partnership_access;

create table graph.organisation (
  id uuid primary key,
  ods_code text unique check (ods_code ~ '^[A-Z0-9]{3,12}$'),
  kind text not null check (kind in ('TRUST', 'ICB', 'REGION', 'NATIONAL', 'TRADE_UNION', 'LOCAL_AUTHORITY', 'OTHER')),
  name text not null,
  trust_type text,
  parent_id uuid references graph.organisation,
  opened_on date,
  closed_on date check (closed_on >= opened_on)
);
create index on graph.organisation (parent_id);
create table graph.organisation_succession (
  id uuid primary key,
  predecessor_id uuid not null references graph.organisation,
  successor_id uuid not null references graph.organisation,
  happened_on date not null,
  unique (predecessor_id, successor_id)
);
create index on graph.organisation_succession (successor_id);

create table graph.room (
  id uuid primary key,
  purpose text not null check (purpose in ('ORGANISATION', 'REGION', 'WORKFORCE', 'JOINT', 'MANAGEMENT_SIDE', 'STAFF_SIDE', 'MEMBERS', 'OFFICERS', 'PERSONAL', 'CASE')),
  organisation_id uuid references graph.organisation,
  forum_id uuid,
  created_at timestamptz not null default now()
);
create unique index room_of_organisation on graph.room (organisation_id, purpose) where forum_id is null and organisation_id is not null;
create unique index room_of_forum on graph.room (forum_id, purpose) where forum_id is not null;

create table graph.forum (
  id uuid primary key,
  room_id uuid not null references graph.room,
  organisation_id uuid not null references graph.organisation,
  kind text not null check (kind in ('STAFF_NETWORK', 'JOINT_NEGOTIATING_COMMITTEE', 'LOCAL_NEGOTIATING_COMMITTEE', 'EDI_STEERING_GROUP',
    'HEALTH_AND_SAFETY_COMMITTEE', 'BOARD', 'BOARD_COMMITTEE', 'EXECUTIVE_COMMITTEE', 'TRADE_UNION_GROUP', 'FREEDOM_TO_SPEAK_UP',
    'REGIONAL_SOCIAL_PARTNERSHIP_FORUM')),
  local_name text not null,
  purpose_statement text not null default '',
  parent_id uuid,
  parent_room uuid,
  union_id uuid references graph.organisation,
  established_on date,
  closed_on date,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (parent_id, parent_room) references graph.forum (id, room_id)
);
alter table graph.room add foreign key (forum_id) references graph.forum deferrable initially deferred;
create index on graph.forum (room_id, local_name, id);
create index on graph.forum (organisation_id, local_name, id);

-- Committees in common serve several organisations.
create table graph.forum_organisation (
  forum_id uuid not null,
  room_id uuid not null,
  organisation_id uuid not null references graph.organisation,
  primary key (forum_id, organisation_id),
  foreign key (forum_id, room_id) references graph.forum (id, room_id)
);

-- Terms of reference are dated data: the founding examples disagree on purpose.
create table graph.terms_of_reference (
  id uuid primary key,
  room_id uuid not null,
  forum_id uuid not null,
  starts_on date not null,
  ends_on date not null default 'infinity' check (ends_on > starts_on),
  quorum text not null,
  meets text not null,
  term_months integer check (term_months between 1 and 120),
  reviewed_every_months integer check (reviewed_every_months between 1 and 120),
  opens_to_allies boolean not null default false,
  opens_to_staff_side_lead boolean not null default false,
  created_at timestamptz not null default now(),
  foreign key (forum_id, room_id) references graph.forum (id, room_id)
);
create index on graph.terms_of_reference (forum_id, starts_on);

create table graph.person (
  id uuid primary key,
  display_name text not null,
  is_service boolean not null default false,
  created_at timestamptz not null default now()
);

create table graph.seat (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid references graph.forum,
  organisation_id uuid not null references graph.organisation,
  person_id uuid not null references graph.person,
  office text not null,
  side text not null check (side in ('MANAGEMENT', 'STAFF', 'NETWORK', 'INDEPENDENT', 'NONE')),
  title text,
  union_id uuid references graph.organisation,
  issuer text,
  starts_at timestamptz not null default '-infinity',
  ends_at timestamptz not null default 'infinity',
  personal_room uuid not null unique references graph.room,
  created_at timestamptz not null default now(),
  unique (id, room_id)
);
create index on graph.seat (person_id);
create index on graph.seat (forum_id, office);
create index on graph.seat (room_id, created_at, id);

create table graph.door (
  from_room uuid not null references graph.room,
  into_room uuid not null references graph.room,
  may_write boolean not null,
  opens_at timestamptz not null default '-infinity',
  closes_at timestamptz not null default 'infinity',
  primary key (into_room, from_room)
);
create index on graph.door (from_room, into_room);

create table graph.bar (
  person_id uuid not null references graph.person,
  room_id uuid not null references graph.room,
  reason text not null,
  created_at timestamptz not null default now(),
  primary key (person_id, room_id)
);
create index on graph.bar (room_id);

-- Somebody asks to join a network; only its officers, and whoever asked, can see it.
create table graph.membership_request (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null references graph.forum,
  person_id uuid not null references graph.person,
  state text not null default 'PENDING' check (state in ('PENDING', 'ACCEPTED', 'DECLINED')),
  created_at timestamptz not null default now(),
  decided_at timestamptz
);
create index on graph.membership_request (room_id, created_at, id);
create index on graph.membership_request (person_id);

create table graph.invitation (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null references graph.forum,
  side text not null,
  office text not null,
  union_id uuid references graph.organisation,
  issuer text,
  code_hash bytea not null unique,
  issued_by uuid references graph.seat,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now()
);
create index on graph.invitation (room_id, created_at, id);
create index on graph.invitation (issued_by);

-- Accounts and secrets are nobody's to read: only the definer functions reach them.
create table access.account (
  id uuid primary key,
  issuer text not null,
  subject text not null,
  person_id uuid not null references graph.person,
  closed_at timestamptz not null default 'infinity',
  created_at timestamptz not null default now(),
  unique (issuer, subject)
);
create index on access.account (person_id);
create table access.secret (only_row boolean primary key default true check (only_row), k bytea not null check (length(k) >= 32));

-- What opens what, who grants what, and where a seat is recorded: one row per office, side and kind of body.
create table access.office (
  kind text not null,
  side text not null,
  office text not null,
  opens text[] not null,
  opens_by_terms text[] not null,
  home text not null,
  may_be_public boolean not null,
  granted_by text[] not null,
  primary key (kind, side, office)
);

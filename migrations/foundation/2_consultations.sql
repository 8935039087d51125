-- A policy consultation. Its papers have one room; the owners' deliberation (plan, signatures on it, extensions,
-- statements) another; each consulted body's engagement (its response, points and their outcomes) one of its own.
create table graph.consultation (
  id uuid primary key,
  room_id uuid not null references graph.room,
  case_room uuid not null references graph.room,
  forum_id uuid not null,
  forum_room uuid not null,
  kind text not null check (kind in ('POLICY', 'COLLECTIVE_REDUNDANCY')),
  title text not null,
  summary text not null,
  stored_state text not null default 'DRAFT' check (stored_state in ('DRAFT', 'PLANNED', 'OPEN', 'CONCLUDED', 'WITHDRAWN')),
  revision integer not null default 1,
  drafted_by_side text not null,
  drafted_by_office text not null,
  opened_at timestamptz,
  closes_at timestamptz,
  concluded_at timestamptz,
  conclusion text check (conclusion in ('AGREED', 'NOT_AGREED')),
  final_version_id uuid,
  ratified_on date,
  effective_on date,
  review_on date,
  withdrawn_at timestamptz,
  withdrawn_reason text,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (forum_id, forum_room) references graph.forum (id, room_id)
);
create index on graph.consultation (forum_id, created_at, id);

create table graph.policy_version (
  id uuid primary key,
  room_id uuid not null,
  consultation_id uuid not null,
  number integer not null check (number > 0),
  title text not null,
  body text not null,
  content_hash text not null,
  change_note text not null default '',
  made_by_side text not null,
  made_by_office text not null,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  unique (consultation_id, number),
  foreign key (consultation_id, room_id) references graph.consultation (id, room_id)
);
alter table graph.consultation add foreign key (final_version_id, room_id) references graph.policy_version (id, room_id);

create table graph.clause (
  id uuid primary key,
  room_id uuid not null,
  policy_version_id uuid not null,
  address text not null,
  heading text not null,
  body text not null,
  position integer not null,
  unique (id, room_id),
  unique (policy_version_id, address),
  foreign key (policy_version_id, room_id) references graph.policy_version (id, room_id)
);
create index on graph.clause (policy_version_id, position);

create table graph.impact_assessment (
  id uuid primary key,
  room_id uuid not null,
  policy_version_id uuid not null,
  assessed_on date not null,
  groups text not null,
  findings text not null,
  mitigations text not null,
  made_by_side text not null,
  made_by_office text not null,
  created_at timestamptz not null default now(),
  foreign key (policy_version_id, room_id) references graph.policy_version (id, room_id)
);
create index on graph.impact_assessment (policy_version_id, created_at, id);

create table graph.consultation_plan (
  id uuid primary key,
  room_id uuid not null references graph.room,
  consultation_id uuid not null,
  consultation_room uuid not null,
  number integer not null,
  options jsonb not null,
  channels text[] not null,
  redundancy jsonb,
  opens_on date not null,
  closes_on date not null,
  content_hash text not null,
  state text not null default 'PROPOSED' check (state in ('PROPOSED', 'AGREED', 'SUPERSEDED')),
  made_by_side text not null,
  made_by_office text not null,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  unique (consultation_id, number, room_id),
  foreign key (consultation_id, consultation_room) references graph.consultation (id, room_id)
);
create table graph.plan_consultee (
  plan_id uuid not null,
  room_id uuid not null,
  forum_id uuid not null,
  forum_room uuid not null,
  primary key (plan_id, forum_id),
  foreign key (plan_id, room_id) references graph.consultation_plan (id, room_id),
  foreign key (forum_id, forum_room) references graph.forum (id, room_id)
);
create table graph.missing_signature (
  id uuid primary key,
  room_id uuid not null,
  plan_id uuid not null,
  side text not null,
  reason text not null,
  recorded_by_side text not null,
  recorded_by_office text not null,
  created_at timestamptz not null default now(),
  foreign key (plan_id, room_id) references graph.consultation_plan (id, room_id)
);
create index on graph.missing_signature (plan_id);

create table graph.extension (
  id uuid primary key,
  room_id uuid not null references graph.room,
  consultation_id uuid not null,
  consultation_room uuid not null,
  closes_at timestamptz not null,
  reason text not null,
  content_hash text not null,
  state text not null default 'PROPOSED' check (state in ('PROPOSED', 'AGREED', 'SUPERSEDED')),
  made_by_side text not null,
  made_by_office text not null,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (consultation_id, consultation_room) references graph.consultation (id, room_id)
);
create index on graph.extension (consultation_id, created_at, id);

-- Both sides' signatures over the same content hash: on a plan, a general extension, or the final text.
create table graph.signature (
  id uuid primary key,
  room_id uuid not null references graph.room,
  plan_id uuid,
  extension_id uuid,
  policy_version_id uuid,
  forum_id uuid not null,
  side text not null check (side in ('MANAGEMENT', 'STAFF')),
  office text not null,
  content_hash text not null,
  signed_at timestamptz not null default now(),
  check (num_nonnulls(plan_id, extension_id, policy_version_id) = 1),
  unique (plan_id, side), unique (extension_id, side), unique (policy_version_id, side),
  foreign key (plan_id, room_id) references graph.consultation_plan (id, room_id),
  foreign key (extension_id, room_id) references graph.extension (id, room_id),
  foreign key (policy_version_id, room_id) references graph.policy_version (id, room_id)
);

create table graph.disagreement (
  id uuid primary key,
  room_id uuid not null references graph.room,
  consultation_id uuid not null,
  consultation_room uuid not null,
  policy_version_id uuid not null,
  side text not null check (side in ('MANAGEMENT', 'STAFF')),
  office text not null,
  statement text not null,
  disputes_procedure text not null,
  status_quo_clause text,
  created_at timestamptz not null default now(),
  unique (consultation_id, side, room_id),
  foreign key (consultation_id, consultation_room) references graph.consultation (id, room_id),
  foreign key (policy_version_id, consultation_room) references graph.policy_version (id, room_id)
);

create table graph.consultee (
  id uuid primary key,
  room_id uuid not null references graph.room,
  consultation_id uuid not null,
  consultation_room uuid not null,
  forum_id uuid not null,
  forum_room uuid not null,
  reach text not null check (reach in ('JOINT', 'STAFF_SIDE')),
  added_by_side text not null,
  shared_as text,
  extended_to timestamptz,
  extension_reason text,
  responded_at timestamptz,
  late_decision text check (late_decision in ('CONSIDERED', 'DECLINED')),
  late_reason text,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (consultation_id, consultation_room) references graph.consultation (id, room_id),
  foreign key (forum_id, forum_room) references graph.forum (id, room_id)
);
create index on graph.consultee (consultation_id, created_at, id);
create index on graph.consultee (forum_id, created_at, id);

create table graph.comment (
  id uuid primary key,
  room_id uuid not null references graph.room,
  consultation_id uuid not null,
  consultation_room uuid not null,
  clause_id uuid,
  forum_id uuid not null,
  side text not null,
  office text,
  author_name text,
  body text not null,
  withdrawn boolean not null default false,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (consultation_id, consultation_room) references graph.consultation (id, room_id),
  foreign key (clause_id, consultation_room) references graph.clause (id, room_id)
);
create index on graph.comment (consultation_id, created_at, id);
-- Whose comment it is, in the author's own room: so that its author alone can withdraw it.
create table graph.comment_author (
  comment_id uuid primary key,
  comment_room uuid not null,
  room_id uuid not null references graph.room,
  foreign key (comment_id, comment_room) references graph.comment (id, room_id)
);

create table graph.response_draft (
  id uuid primary key,
  room_id uuid not null references graph.room,
  consultee_id uuid not null,
  consultee_room uuid not null,
  stance text not null check (stance in ('SUPPORT', 'SUPPORT_WITH_CHANGES', 'OPPOSE', 'NO_VIEW')),
  summary text not null,
  points jsonb not null,
  minority_views jsonb not null,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (consultee_id, room_id),
  foreign key (consultee_id, consultee_room) references graph.consultee (id, room_id)
);
create table graph.response (
  id uuid primary key,
  room_id uuid not null,
  consultee_id uuid not null unique,
  consultation_id uuid not null,
  forum_id uuid not null,
  stance text not null check (stance in ('SUPPORT', 'SUPPORT_WITH_CHANGES', 'OPPOSE', 'NO_VIEW')),
  summary text not null,
  late boolean not null,
  side text not null,
  office text not null,
  submitted_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (consultee_id, room_id) references graph.consultee (id, room_id)
);
create index on graph.response (consultation_id, created_at, id);
create table graph.response_point (
  id uuid primary key,
  room_id uuid not null,
  response_id uuid not null,
  consultation_id uuid not null,
  position integer not null,
  clause_id uuid,
  clause_room uuid,
  body text not null,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (response_id, room_id) references graph.response (id, room_id),
  foreign key (clause_id, clause_room) references graph.clause (id, room_id)
);
create index on graph.response_point (response_id, position);
create index on graph.response_point (consultation_id, created_at, id);
create table graph.minority_view (
  id uuid primary key,
  room_id uuid not null,
  response_id uuid not null,
  position integer not null,
  body text not null,
  created_at timestamptz not null default now(),
  foreign key (response_id, room_id) references graph.response (id, room_id)
);
create index on graph.minority_view (response_id, position);
create table graph.outcome (
  id uuid primary key,
  room_id uuid not null,
  point_id uuid not null unique,
  consultation_id uuid not null,
  decision text not null check (decision in ('ACCEPTED', 'PARTLY', 'REJECTED')),
  reason text not null,
  changed_clause_id uuid,
  changed_clause_room uuid,
  side text not null,
  office text not null,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  foreign key (point_id, room_id) references graph.response_point (id, room_id),
  foreign key (changed_clause_id, changed_clause_room) references graph.clause (id, room_id)
);

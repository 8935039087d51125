-- Reports: what a trust or one of its bodies tells its partnership in figures, and the region's releases.
-- Owned by partnership_owner. A report has a room of its own, which says that it exists and what it is about; a draft another,
-- for its author's body (and the board, where its officer signs off); each submitted version one of its own, so that a correction
-- is read by its receivers before the trust reads it.
create table graph.report_definition (
  id uuid primary key,
  code text not null,
  version integer not null check (version > 0),
  title text not null,
  starts_on date not null,
  ends_on date,
  source text not null,
  verified boolean not null,
  frequency text not null,
  obligation text not null,
  home text not null check (home in ('ORGANISATION', 'FORUM', 'NETWORK')),
  receivers text[] not null,
  needs_sign_off boolean not null,
  takes_estimates boolean not null,
  dimensions text[] not null,
  opens_to_region boolean not null,
  change_note text not null,
  unique (code, version)
);
create table graph.metric (
  id uuid primary key,
  definition_id uuid not null references graph.report_definition,
  position integer not null,
  code text not null,
  label text not null,
  unit text not null,
  direction text not null,
  source text not null,
  verified boolean not null,
  counts_people boolean not null,
  published_verbatim boolean not null,
  required boolean not null,
  note text not null,
  groups jsonb not null,
  bands jsonb not null,
  unique (definition_id, code)
);
create index metric_of_definition on graph.metric (definition_id, position, id);

-- Which trusts a social partnership region is made of, which neither the integrated care board nor NHS England's region says; and
-- which such regions a nation is made of. A forum of the region hears their issues, themes and reports.
create table graph.region_member (
  region_id uuid not null references graph.organisation,
  member_id uuid not null references graph.organisation,
  starts_on date not null default '-infinity',
  ends_on date not null default 'infinity' check (ends_on > starts_on),
  primary key (region_id, member_id)
);
create index region_of_member on graph.region_member (member_id);

create table graph.report (
  id uuid primary key,
  room_id uuid not null references graph.room,
  definition_id uuid not null references graph.report_definition,
  organisation_id uuid not null references graph.organisation,
  reported_by uuid not null references graph.organisation,
  forum_id uuid,
  forum_room uuid,
  starts_on date not null,
  ends_on date not null check (ends_on >= starts_on),
  created_at timestamptz not null default now(),
  unique (id, room_id),
  foreign key (forum_id, forum_room) references graph.forum (id, room_id)
);
create index report_of_organisation on graph.report (organisation_id, created_at, id);
create index report_of_forum on graph.report (forum_id, created_at, id) where forum_id is not null;

-- By which key of the sender's own a report is known again, and that a body reports once on a period: in the body's own room.
create table graph.report_key (
  id uuid primary key,
  room_id uuid not null references graph.room,
  external_key text not null,
  natural_key text not null,
  report_id uuid not null,
  report_room uuid not null,
  unique (room_id, external_key),
  unique (room_id, natural_key),
  foreign key (report_id, report_room) references graph.report (id, room_id)
);
create index on graph.report_key (report_id);

create table graph.report_draft (
  id uuid primary key,
  room_id uuid not null references graph.room,
  report_id uuid not null,
  report_room uuid not null,
  figures jsonb not null,
  content_hash text not null,
  is_open boolean not null default true,
  revision integer not null default 1,
  made_by_side text not null,
  made_by_office text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, room_id),
  unique (report_id, room_id),
  foreign key (report_id, report_room) references graph.report (id, room_id)
);
create table graph.report_sign_off (
  id uuid primary key,
  room_id uuid not null,
  draft_id uuid not null,
  content_hash text not null,
  forum_id uuid not null,
  side text not null,
  office text not null,
  signed_at timestamptz not null default now(),
  unique (draft_id, content_hash),
  foreign key (draft_id, room_id) references graph.report_draft (id, room_id)
);

create table graph.report_version (
  id uuid primary key,
  room_id uuid not null references graph.room,
  report_id uuid not null,
  report_room uuid not null,
  number integer not null check (number > 0),
  content_hash text not null,
  side text not null,
  office text not null,
  signed_off_office text,
  signed_off_at timestamptz,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  unique (report_id, number, room_id),
  foreign key (report_id, report_room) references graph.report (id, room_id)
);
create index report_version_of_report on graph.report_version (report_id, created_at, id);
create table graph.report_figure (
  room_id uuid not null,
  version_id uuid not null,
  metric_id uuid not null references graph.metric,
  group_code text not null,
  band_code text not null,
  value numeric,
  numerator numeric,
  denominator numeric,
  base numeric,
  text_value text,
  estimated boolean not null default false,
  primary key (version_id, metric_id, group_code, band_code),
  foreign key (version_id, room_id) references graph.report_version (id, room_id)
);
create table graph.report_receiver (
  room_id uuid not null,
  version_id uuid not null,
  forum_id uuid not null,
  forum_room uuid not null,
  primary key (version_id, forum_id),
  foreign key (version_id, room_id) references graph.report_version (id, room_id),
  foreign key (forum_id, forum_room) references graph.forum (id, room_id)
);
create index report_receiver_of_forum on graph.report_receiver (forum_id, version_id);
create table graph.report_answer (
  id uuid primary key,
  room_id uuid not null,
  version_id uuid not null,
  kind text not null check (kind in ('RETURNED', 'ACKNOWLEDGED')),
  reason text not null,
  forum_id uuid not null,
  side text not null,
  office text not null,
  created_at timestamptz not null default now(),
  unique (version_id),
  foreign key (version_id, room_id) references graph.report_version (id, room_id)
);
-- Written by access.report_publish alone, with the doors that publication opens.
create table graph.report_publication (
  version_id uuid primary key,
  room_id uuid not null,
  published_at timestamptz not null default now(),
  foreign key (version_id, room_id) references graph.report_version (id, room_id)
);

-- What became of an import: kept in the importer's own room, as it repeats what was sent.
create table graph.report_import (
  id uuid primary key,
  room_id uuid not null references graph.room,
  definition_id uuid not null references graph.report_definition,
  file_name text not null,
  content_hash text not null,
  row_count integer not null,
  accepted integer not null,
  unchanged integer not null,
  refused integer not null,
  left_out integer not null,
  stored boolean not null,
  problems jsonb not null,
  created_at timestamptz not null default now()
);
create index on graph.report_import (room_id, created_at, id);

-- The region's picture, frozen: pre-built tables over published reports, the same for whoever reads them. Written by
-- access.release_freeze alone.
create table graph.release (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null,
  forum_room uuid not null,
  definition_id uuid not null references graph.report_definition,
  number integer not null check (number > 0),
  frozen_on date not null,
  method text not null,
  rule jsonb not null,
  content_hash text not null,
  contributors integer not null,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  unique (forum_id, definition_id, number, room_id),
  foreign key (forum_id, forum_room) references graph.forum (id, room_id)
);
create index release_of_forum on graph.release (forum_id, created_at, id);
create table graph.release_cell (
  release_id uuid not null,
  room_id uuid not null,
  position integer not null,
  metric_id uuid not null references graph.metric,
  starts_on date not null,
  ends_on date not null,
  group_code text not null,
  band_code text not null,
  dimension text not null,
  member text not null,
  value numeric,
  numerator numeric,
  denominator numeric,
  base numeric,
  status text not null,
  source text not null,
  reporters integer not null,
  expected integer,
  computed_in integer not null,
  reasons text[] not null,
  primary key (release_id, position),
  foreign key (release_id, room_id) references graph.release (id, room_id)
);
create index release_cell_of_metric on graph.release_cell (metric_id, release_id, position);
create table graph.release_contributor (
  release_id uuid not null,
  room_id uuid not null,
  organisation_id uuid not null references graph.organisation,
  primary key (release_id, organisation_id),
  foreign key (release_id, room_id) references graph.release (id, room_id)
);
create index release_of_contributor on graph.release_contributor (organisation_id, release_id);

-- Which versions a release was made of, and where each trust stood: what the next one is compared with. Nobody's to read.
create table access.release_taken (
  release_id uuid not null references graph.release,
  version_id uuid not null references graph.report_version,
  place jsonb not null,
  primary key (release_id, version_id)
);

-- Issues, the steps by which they are carried, and the themes that a region hears. Every time here is a day: an hour would tell
-- who was at work. Owned by partnership_owner.
alter table graph.forum drop constraint forum_kind_check, add constraint forum_kind_check check (kind in (
  'STAFF_NETWORK', 'JOINT_NEGOTIATING_COMMITTEE', 'LOCAL_NEGOTIATING_COMMITTEE', 'EDI_STEERING_GROUP', 'HEALTH_AND_SAFETY_COMMITTEE', 'BOARD',
  'BOARD_COMMITTEE', 'EXECUTIVE_COMMITTEE', 'TRADE_UNION_GROUP', 'FREEDOM_TO_SPEAK_UP', 'REGIONAL_SOCIAL_PARTNERSHIP_FORUM',
  'NATIONAL_SOCIAL_PARTNERSHIP_FORUM'));

-- The day that England's calendars show now.
create function graph.today() returns date language sql stable set search_path = '' as $$
  select (now() at time zone 'Europe/London')::date $$;
revoke execute on function graph.today() from public;
grant execute on function graph.today() to partnership_app, partnership_access, partnership_migrator;

-- Which hops there are: law and bodies change, so each has its days. Stored from service/forums/routes.py, public.
create table access.route (
  code text primary key,
  kind text not null check (kind in ('RAISE', 'ESCALATE', 'REFER')),
  from_kind text not null,
  from_channel text not null,
  to_kind text not null,
  to_channel text not null,
  carries text not null check (carries in ('RECORD', 'OWN_ITEM', 'THEME', 'RECEIPT')),
  reach text not null check (reach in ('SAME_ORGANISATION', 'REGION', 'NATION')),
  diverts_casework boolean not null,
  acknowledge_days integer not null,
  answer_days integer not null,
  received_by text[] not null,
  starts_on date not null,
  ends_on date not null,
  source text not null
);

-- How the trust's people can be reached by office, and what to do first when somebody is in danger: the trust's own words.
create table graph.signpost (
  id uuid primary key,
  room_id uuid not null references graph.room,
  organisation_id uuid not null references graph.organisation,
  purpose text not null check (purpose in ('URGENT_HARM', 'UNION_REPRESENTATIVE', 'GUARDIAN', 'GRIEVANCE')),
  words text not null,
  how_to_reach text not null,
  revision integer not null default 1,
  unique (id, room_id),
  unique (organisation_id, purpose, room_id)
);

create table graph.issue (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null references graph.forum,
  channel text not null check (channel in ('OFFICERS', 'STAFF_SIDE', 'MANAGEMENT_SIDE')),
  category text not null,
  manner text not null check (manner in ('FORMAL', 'INFORMAL')),
  identity text not null check (identity in ('NAMED', 'CONFIDENTIAL', 'OFFICE')),
  raised_by_side text not null,
  raised_by_office text,
  body text not null,
  effect_sought text not null,
  state text not null default 'RAISED' check (state in ('RAISED', 'CARRIED', 'ANSWERED', 'RETURNED', 'WITHDRAWN', 'HANDED_OVER', 'CLOSED')),
  raised_on date not null default graph.today(),
  ended_on date,
  reason text not null default '',
  receipt text,
  revision integer not null default 1,
  unique (id, room_id)
);
create index on graph.issue (forum_id, raised_on, id);
create index on graph.issue (room_id);

-- The vault: who raised it, and the room that is theirs. Confidential: it lies in a room that the chosen recipient alone opens.
create table graph.raiser (
  id uuid primary key,
  room_id uuid not null references graph.room,
  issue_id uuid not null unique,
  own_room uuid not null unique references graph.room,
  person_id uuid not null references graph.person,
  seat_id uuid not null references graph.seat,
  display_name text not null,
  recipient_seat uuid references graph.seat
);
create index on graph.raiser (person_id);
create index on graph.raiser (room_id);

-- What a raiser and the recipient (confidential) or the officers (otherwise) say to each other.
create table graph.issue_message (
  id uuid primary key,
  room_id uuid not null references graph.room,
  issue_id uuid not null,
  position integer not null,
  from_raiser boolean not null,
  body text not null,
  said_on date not null default graph.today(),
  unique (issue_id, position, room_id)
);
create index on graph.issue_message (issue_id, position, id);
create index on graph.issue_message (room_id);

-- One hop: what its readers at both ends may know of it. It never says what it came from, nor whether somebody's consent was
-- asked: `step_trail` and `consent` do, upstream.
create table graph.escalation_step (
  id uuid primary key,
  room_id uuid not null references graph.room,
  content_room uuid not null references graph.room,
  route text not null,
  kind text not null check (kind in ('ESCALATE', 'REFER')),
  carries text not null,
  from_forum_id uuid not null references graph.forum,
  from_channel text not null,
  from_name text not null,
  to_forum_id uuid not null references graph.forum,
  to_channel text not null,
  to_name text not null,
  category text not null,
  state text not null default 'AWAITING_CONSENT' check (state in ('AWAITING_CONSENT', 'SENT', 'ACKNOWLEDGED', 'ACCEPTED', 'ON_AGENDA', 'RESOLVED',
    'RETURNED', 'REFERRED', 'WITHDRAWN')),
  dated_on date not null default graph.today(), -- drafted, then sent: how long a consent took tells that there was one to wait for
  sent_on date,
  acknowledge_by date,
  answer_by date,
  acknowledged_on date,
  accepted_on date,
  ended_on date,
  outcome text not null default '',
  reason text not null default '',
  ended_by_side text,
  ended_by_office text,
  consent_withdrawn_on date,
  revision integer not null default 1,
  unique (id, room_id)
);
create index on graph.escalation_step (to_forum_id, dated_on, id);
create index on graph.escalation_step (from_forum_id, dated_on, id);
create index on graph.escalation_step (room_id);
create index on graph.escalation_step (content_room);

-- What a step came from, kept in the room of what it came from: an issue, or the step before. And the members' notice of it.
create table graph.step_trail (
  id uuid primary key,
  room_id uuid not null references graph.room,
  issue_id uuid,
  issue_room uuid,
  previous_id uuid,
  step_id uuid not null,
  step_room uuid not null,
  number integer not null,
  notice_id uuid,
  check (num_nonnulls(issue_id, previous_id) = 1),
  unique (issue_id, step_id),
  unique (previous_id, step_id),
  foreign key (step_id, step_room) references graph.escalation_step (id, room_id),
  foreign key (issue_id, issue_room) references graph.issue (id, room_id)
);
create index on graph.step_trail (step_id);
create index on graph.step_trail (issue_id, number);
create index on graph.step_trail (previous_id, number);
create index on graph.step_trail (room_id);

-- What the receiver reads, written for its readers and consented to by its hash; a tombstone once consent was withdrawn in time.
create table graph.step_summary (
  id uuid primary key,
  room_id uuid not null references graph.room,
  step_id uuid not null unique,
  step_room uuid not null,
  body text not null,
  content_hash text not null,
  withdrawn_on date,
  foreign key (step_id, step_room) references graph.escalation_step (id, room_id)
);
create index on graph.step_summary (room_id);
-- In the room of what the step came from, as the trail: the receiver of a side's own item must not see whether anybody stands behind it.
create table graph.consent (
  id uuid primary key,
  room_id uuid not null references graph.room,
  step_id uuid not null unique,
  step_room uuid not null,
  content_hash text not null,
  by_office boolean not null,
  given_on date not null default graph.today(),
  withdrawn_on date,
  foreign key (step_id, step_room) references graph.escalation_step (id, room_id)
);
create index on graph.consent (room_id);
create table graph.step_message (
  id uuid primary key,
  room_id uuid not null references graph.room,
  step_id uuid not null,
  step_room uuid not null,
  position integer not null,
  kind text not null check (kind in ('QUESTION', 'ANSWER')),
  side text not null,
  office text not null,
  body text not null,
  said_on date not null default graph.today(),
  unique (step_id, position, room_id),
  foreign key (step_id, step_room) references graph.escalation_step (id, room_id)
);
create index on graph.step_message (room_id);

-- The receiver's deliberation and its agenda, in the receiver's own room.
create table graph.step_note (
  id uuid primary key,
  room_id uuid not null references graph.room,
  step_id uuid not null,
  step_room uuid not null,
  side text not null,
  office text not null,
  body text not null,
  noted_on date not null default graph.today(),
  created_at timestamptz not null default now(),
  foreign key (step_id, step_room) references graph.escalation_step (id, room_id)
);
create index on graph.step_note (step_id, created_at, id);
create index on graph.step_note (room_id, created_at, id);
create index on graph.step_note (created_at, id);
create table graph.agenda_item (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null,
  step_id uuid not null,
  step_room uuid not null,
  title text not null,
  meets_on date,
  placed_by_side text not null,
  placed_by_office text not null,
  created_at timestamptz not null default now(),
  unique (id, room_id),
  unique (step_id, room_id),
  foreign key (step_id, step_room) references graph.escalation_step (id, room_id)
);
create index on graph.agenda_item (forum_id, created_at, id);
create index on graph.agenda_item (room_id, created_at, id);
create index on graph.agenda_item (created_at, id);

-- What the members of a network may know of an issue that left it: not which issue, nor whose.
create table graph.issue_notice (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null references graph.forum,
  step_room uuid not null references graph.room,
  category text not null,
  to_kind text not null,
  state text not null check (state in ('SENT', 'ANSWERED', 'RETURNED', 'WITHDRAWN')),
  sent_on date not null default graph.today(),
  ended_on date
);
create index on graph.issue_notice (forum_id, sent_on, id);
create index on graph.issue_notice (room_id);
create index on graph.issue_notice (step_room);

-- Whoever holds one of these offices is barred, whatever other seats they hold: the implicated, by office.
create table graph.bar_office (
  forum_id uuid not null references graph.forum,
  side text not null,
  office text not null,
  room_id uuid not null references graph.room,
  primary key (forum_id, side, office, room_id)
);
create index on graph.bar_office (room_id);

-- An identity is disclosed to one seat, on a listed ground; the raiser is told first where that is safe.
create table graph.identity_disclosure (
  id uuid primary key,
  room_id uuid not null references graph.room,
  issue_id uuid not null,
  to_seat uuid not null references graph.seat,
  to_words text not null,
  ground text not null check (ground in ('RAISER_CONSENT', 'SERIOUS_HARM', 'SAFEGUARDING', 'COURT_ORDER')),
  reason text not null,
  safe_to_tell boolean not null,
  why_not_told text not null default '',
  notified_on date,
  consented_on date,
  disclosed_on date,
  display_name text,
  revision integer not null default 1,
  unique (id, room_id)
);
create index on graph.identity_disclosure (issue_id, id);
create index on graph.identity_disclosure (room_id);

-- A sign-in of one's own, kept after leaving the trust: it opens what one raised, and no seat. Its code is stored as a hash.
alter table access.account add column own_only boolean not null default false, add column vouched_by text;
create table access.own_sign_in_code (
  person_id uuid primary key references graph.person,
  seat_id uuid not null references graph.seat,
  issuer text not null, -- through which it was asked for: what that one could not show, the code does not
  code_hash bytea not null unique,
  expires_at timestamptz not null,
  accepted_at timestamptz
);
create index on access.own_sign_in_code (seat_id);

-- Themes: no record of any trust reaches the region. An offer stays with the trust's joint body.
create table access.theme_threshold (
  starts_on date primary key,
  trusts integer not null check (trusts >= 2)
);
insert into access.theme_threshold (starts_on, trusts) values ('-infinity', 3); -- local practice, unverified
create table graph.theme_offer (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null,
  organisation_id uuid not null references graph.organisation,
  spf_id uuid not null,
  category text not null,
  period text not null check (period ~ '^[0-9]{4}-Q[1-4]$'),
  offered_by_side text not null,
  offered_by_office text not null,
  offered_on date not null default graph.today(),
  created_at timestamptz not null default now(),
  unique (id, room_id),
  unique (forum_id, category, period, room_id)
);
create index on graph.theme_offer (forum_id, created_at, id);
create index on graph.theme_offer (spf_id, category, period);
create index on graph.theme_offer (room_id, created_at, id);
create index on graph.theme_offer (created_at, id);
create table graph.theme_signature (
  id uuid primary key,
  room_id uuid not null,
  offer_id uuid not null,
  forum_id uuid not null,
  side text not null check (side in ('MANAGEMENT', 'STAFF')),
  office text not null,
  signed_on date not null default graph.today(),
  unique (offer_id, side),
  foreign key (offer_id, room_id) references graph.theme_offer (id, room_id)
);
create table graph.theme (
  id uuid primary key,
  room_id uuid not null references graph.room,
  forum_id uuid not null references graph.forum,
  category text not null,
  period text not null,
  trusts integer,
  state text not null default 'RAISED' check (state in ('RAISED', 'DISCUSSED', 'IN_PROGRESS', 'ANSWERED')),
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  unique (id, room_id)
);
create index on graph.theme (forum_id, category, period);
create index on graph.theme (forum_id, created_at, id);
create index on graph.theme (room_id, created_at, id);
create index on graph.theme (created_at, id);
create table graph.theme_trust (
  theme_id uuid not null,
  room_id uuid not null,
  organisation_id uuid not null references graph.organisation,
  primary key (theme_id, organisation_id),
  foreign key (theme_id, room_id) references graph.theme (id, room_id)
);
create table graph.theme_answer (
  id uuid primary key,
  room_id uuid not null,
  theme_id uuid not null,
  position integer not null,
  state text not null,
  statement text not null,
  side text not null,
  office text not null,
  said_on date not null default graph.today(),
  unique (theme_id, position),
  foreign key (theme_id, room_id) references graph.theme (id, room_id)
);
create index on graph.theme_answer (room_id);

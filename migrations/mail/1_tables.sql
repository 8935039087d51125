-- Mail to people. What is here, nobody reads but by the functions of 2_access.sql. Run as partnership_owner.
-- Whether and where an account's person wants mail: each sign-in has its own, and does not learn of another's.
create table access.mail_preference (
  id uuid primary key,
  account_id uuid not null unique references access.account,
  state text not null default 'OFF' check (state in ('OFF', 'UNCONFIRMED', 'CONFIRMED', 'REFUSED')),
  cadence text not null default 'STEADY' check (cadence in ('STEADY', 'DAILY', 'AT_ONCE')),
  -- sealed by the service, so that a copy of the database does not hold it; and a keyed hash of it
  address bytea,
  address_mark bytea,
  check ((state = 'OFF') = (address is null) and (address is null) = (address_mark is null)),
  code_number integer not null default 0,
  code_until timestamptz not null default '-infinity',
  codes_on date not null default '-infinity',
  codes integer not null default 0,
  -- from when this cadence holds, and whether what stood then was noted as told
  since timestamptz not null default now(),
  noted boolean not null default false,
  -- the last slot in which it was told of what is told by the day
  day_slot text not null default '',
  revision integer not null default 1,
  lease uuid,
  leased_until timestamptz not null default '-infinity',
  look_at timestamptz not null default now()
);
create index on access.mail_preference (look_at);
-- What was told: keyed hashes that say nothing of what it was.
create table access.mail_told (
  preference_id uuid not null references access.mail_preference,
  notice bytea not null,
  primary key (preference_id, notice)
);
-- What is to be sent, and for two days what was, so that an address is mailed once in each slot.
create table access.mail_outgoing (
  id uuid primary key,
  preference_id uuid not null references access.mail_preference,
  kind text not null check (kind in ('UPDATE', 'CODE')),
  address_mark bytea not null,
  slot text not null,
  state text not null default 'PENDING' check (state in ('PENDING', 'SENT', 'DROPPED')),
  attempts integer not null default 0,
  made_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  unique (address_mark, slot)
);
create index on access.mail_outgoing (preference_id) where state = 'PENDING';
create index on access.mail_outgoing (made_at);

do $$ declare t text; begin
  foreach t in array array['access.mail_preference', 'access.mail_told', 'access.mail_outgoing'] loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy keeper_migrator on %s to partnership_migrator using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %s to partnership_migrator', t);
    execute format('create policy keeper_access on %s to partnership_access using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %s to partnership_access', t);
  end loop;
end $$;

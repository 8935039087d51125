-- The one address of a seat's calendar, by its hash, and as whom it is read. Run as partnership_owner.
create table access.calendar_address (
  seat_id uuid primary key references graph.seat,
  account_id uuid not null references access.account,
  digest bytea not null unique check (octet_length(digest) = 32)
);
create index on access.calendar_address (account_id);
alter table access.calendar_address enable row level security;
alter table access.calendar_address force row level security;
create policy keeper_migrator on access.calendar_address to partnership_migrator using (true) with check (true);
grant select, insert, update, delete on access.calendar_address to partnership_migrator;
create policy keeper_access on access.calendar_address to partnership_access using (true) with check (true);
grant select, insert, update, delete on access.calendar_address to partnership_access;

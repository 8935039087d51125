-- What an endpoint was looked at for last: which rooms, as of which snapshot; and when it is looked at in any case, for doors and
-- seats that open by their date alone. Run as partnership_owner.
alter table access.webhook_turn add column rooms uuid[], add column seen text, add column any_case_at timestamptz not null default '-infinity';
grant select (endpoint_id, due_at) on graph.webhook_delivery to partnership_access;

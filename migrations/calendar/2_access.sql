-- Calendars are read by whoever holds an address, and by nobody's sign-in: the service proves each question. Run as partnership_access.
-- The acting seat's address, read as this account; the one before it opens nothing from now on.
create function access.calendar_create(p_account uuid, p_digest bytea, p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'calendar', encode(p_digest, 'hex'), pg_backend_pid(), p_made), p_made, p_proof);
  if not exists (select from access.held(p_account) s where s.id = access.seat()) then perform access.refuse(); end if;
  insert into access.calendar_address (seat_id, account_id, digest) values (access.seat(), p_account, p_digest)
    on conflict (seat_id) do update set account_id = excluded.account_id, digest = excluded.digest;
end $$;

-- The acting seat's address opens nothing from now on, and nothing of it is kept.
create function access.calendar_revoke() returns void language plpgsql security definer set search_path = '' as $$
begin
  delete from access.calendar_address c where c.seat_id = access.seat();
end $$;

-- As whom an address is read. Nobody's, one revoked and one of a seat or a sign-in that ended are asked the same and answered the same.
create function access.calendar_seat(p_digest bytea, p_made bigint, p_proof text) returns table (account_id uuid, seat_id uuid)
language plpgsql stable security definer set search_path = '' as $$
declare v access.calendar_address;
begin
  perform access.check_proof(concat_ws('|', 'calendar', encode(p_digest, 'hex'), pg_backend_pid(), p_made), p_made, p_proof);
  select * into v from access.calendar_address c where c.digest = p_digest;
  return query select v.account_id, h.id from access.held(v.account_id) h where h.id = v.seat_id;
end $$;

revoke all on function access.calendar_create, access.calendar_revoke, access.calendar_seat from public;
grant execute on function access.calendar_create, access.calendar_revoke, access.calendar_seat to partnership_app;

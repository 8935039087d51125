-- Whose turn it is, for the service's worker alone: each takes its proof. Run as partnership_access.
-- An endpoint of the acting seat begins: from here on it is told of what that seat, signed in so, may see.
create function access.webhook_register(p_endpoint uuid, p_account uuid, p_told text, p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
declare v_seat uuid := access.seat();
begin
  perform access.check_proof(concat_ws('|', 'webhook', pg_backend_pid(), p_made), p_made, p_proof);
  if not exists (select from access.held(p_account) s join graph.webhook_endpoint e on e.room_id = s.personal_room
      where s.id = v_seat and s.person_id = access.person() and e.id = p_endpoint) then perform access.refuse(); end if;
  insert into access.webhook_turn (endpoint_id, account_id, seat_id, told) values (p_endpoint, p_account, v_seat, p_told);
end $$;

-- The next endpoints to look at, each in one hand at a time. Whose seat ended or whose account closed has none.
create function access.webhook_turns(p_most integer, p_seconds double precision, p_lease uuid, p_made bigint, p_proof text)
returns table (endpoint_id uuid, account_id uuid, seat_id uuid)
language plpgsql security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'webhook', pg_backend_pid(), p_made), p_made, p_proof);
  return query update access.webhook_turn u set lease = p_lease, leased_until = clock_timestamp() + make_interval(secs => p_seconds)
    from (select t.endpoint_id from access.webhook_turn t join graph.webhook_endpoint e on e.id = t.endpoint_id and e.state = 'ACTIVE'
           where t.look_at <= clock_timestamp() and t.leased_until <= clock_timestamp()
             and exists (select from access.held(t.account_id) h where h.id = t.seat_id)
           order by t.look_at, t.endpoint_id limit p_most for update of t skip locked) n
    where u.endpoint_id = n.endpoint_id returning u.endpoint_id, u.account_id, u.seat_id;
end $$;

-- What an endpoint in hand was told of, and the turn's row locked, so that one whose lease ran out meanwhile tells nothing twice.
create function access.webhook_told(p_endpoint uuid, p_lease uuid, p_made bigint, p_proof text) returns text
language plpgsql security definer set search_path = '' as $$
declare v_told text;
begin
  perform access.check_proof(concat_ws('|', 'webhook', pg_backend_pid(), p_made), p_made, p_proof);
  select t.told into v_told from access.webhook_turn t where t.endpoint_id = p_endpoint and t.lease = p_lease and t.leased_until > clock_timestamp()
    and t.seat_id = access.seat() for update;
  return v_told;
end $$;
create function access.webhook_moved(p_endpoint uuid, p_lease uuid, p_told text, p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'webhook', pg_backend_pid(), p_made), p_made, p_proof);
  update access.webhook_turn t set told = p_told where t.endpoint_id = p_endpoint and t.lease = p_lease and t.seat_id = access.seat();
  if not found then perform access.refuse(); end if;
end $$;

-- Out of hand again, until the next look.
create function access.webhook_freed(p_endpoint uuid, p_lease uuid, p_seconds double precision, p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'webhook', pg_backend_pid(), p_made), p_made, p_proof);
  update access.webhook_turn t set lease = null, leased_until = '-infinity', look_at = clock_timestamp() + make_interval(secs => p_seconds)
    where t.endpoint_id = p_endpoint and t.lease = p_lease;
end $$;

-- What is done with goes after thirty days.
create function access.webhook_pruned(p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'webhook', pg_backend_pid(), p_made), p_made, p_proof);
  delete from graph.webhook_delivery d where d.state <> 'PENDING' and d.created_at < now() - interval '30 days';
end $$;

revoke all on function access.webhook_register, access.webhook_turns, access.webhook_told, access.webhook_moved, access.webhook_freed,
  access.webhook_pruned from public;
grant execute on function access.webhook_register, access.webhook_turns, access.webhook_told, access.webhook_moved, access.webhook_freed,
  access.webhook_pruned to partnership_app;

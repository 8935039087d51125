-- As in 0006, but only those with something to do: something changed in their rooms, a delivery is due, or it is time in any case.
create or replace function access.webhook_turns(p_most integer, p_seconds double precision, p_lease uuid, p_made bigint, p_proof text)
returns table (endpoint_id uuid, account_id uuid, seat_id uuid)
language plpgsql security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'webhook', pg_backend_pid(), p_made), p_made, p_proof);
  return query update access.webhook_turn u set lease = p_lease, leased_until = clock_timestamp() + make_interval(secs => p_seconds)
    from (select t.endpoint_id from access.webhook_turn t join graph.webhook_endpoint e on e.id = t.endpoint_id and e.state = 'ACTIVE'
           where t.look_at <= clock_timestamp() and t.leased_until <= clock_timestamp()
             and (t.any_case_at <= clock_timestamp()
                  or exists (select from graph.webhook_delivery d where d.endpoint_id = t.endpoint_id and d.state = 'PENDING' and d.due_at <= clock_timestamp())
                  or exists (select from access.change c where c.room_id = any (t.rooms) and c.changed_in >= pg_snapshot_xmin(t.seen::pg_snapshot)
                       and not pg_visible_in_snapshot(c.changed_in, t.seen::pg_snapshot)))
             and exists (select from access.held(t.account_id) h where h.id = t.seat_id)
           order by t.look_at, t.endpoint_id limit p_most for update of t skip locked) n
    where u.endpoint_id = n.endpoint_id returning u.endpoint_id, u.account_id, u.seat_id;
end $$;
-- All was told that these rooms held in a snapshot: until something else changes there, or for so many seconds.
create function access.webhook_seen(p_endpoint uuid, p_lease uuid, p_rooms uuid[], p_seen text, p_seconds double precision, p_made bigint, p_proof text)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'webhook', pg_backend_pid(), p_made), p_made, p_proof);
  update access.webhook_turn t set rooms = p_rooms, seen = p_seen, any_case_at = clock_timestamp() + make_interval(secs => p_seconds)
    where t.endpoint_id = p_endpoint and t.lease = p_lease and t.seat_id = access.seat();
end $$;

revoke all on function access.webhook_seen from public;
grant execute on function access.webhook_seen to partnership_app;

-- Moments that have come, for the service's scheduler alone: each takes its proof. Run as partnership_access.
-- The first moment after a day, in England.
create function access.day_over(p_day date) returns timestamptz language sql immutable set search_path = '' as $$
  select (p_day + 1)::timestamp at time zone 'Europe/London' $$;

-- What is due and was not told of. A seat's moments are those that were set beforehand, which lie at the turn of a day: what an act
-- ends, it tells of itself. Whatever was late and mended while nobody looked is not due.
create function access.due(p_since timestamptz) returns table (kind text, id uuid, moment timestamptz)
language sql stable security definer set search_path = '' as $$
  select 'CONSULTATION_CLOSES', c.id, c.closes_at from graph.consultation c where c.stored_state = 'OPEN' and c.closes_at > p_since and c.closes_at <= now()
  union all
  select 'EXTENSION_ENDS', e.id, e.extended_to from graph.consultee e join graph.consultation c on c.id = e.consultation_id
   where c.stored_state = 'OPEN' and e.extended_to > greatest(p_since, c.closes_at) and e.extended_to <= now()
  union all
  select 'SEAT_ENDS', s.id, s.ends_at from graph.seat s
   where s.ends_at > greatest(p_since, s.starts_at) and s.ends_at <= now() and s.ends_at = date_trunc('day', s.ends_at, 'Europe/London')
  union all
  select 'SEAT_STARTS', s.id, s.starts_at from graph.seat s where s.starts_at > greatest(p_since, s.created_at) and s.starts_at <= now() and s.ends_at > s.starts_at
  union all
  select 'ACKNOWLEDGEMENT_LATE', t.id, l.at from graph.escalation_step t cross join lateral access.day_over(t.acknowledge_by) as l(at)
   where t.state = 'SENT' and l.at > p_since and l.at <= now()
  union all
  select 'ANSWER_LATE', t.id, l.at from graph.escalation_step t cross join lateral access.day_over(t.answer_by) as l(at)
   where t.state in ('SENT', 'ACKNOWLEDGED', 'ACCEPTED', 'ON_AGENDA') and l.at > p_since and l.at <= now() $$;
-- The next moments, in one hand at a time: none where another replica has them in hand.
create function access.moments_due(p_lease uuid, p_seconds double precision, p_most integer, p_made bigint, p_proof text)
returns table (kind text, id uuid, moment timestamptz) language plpgsql security definer set search_path = '' as $$
declare v_since timestamptz;
begin
  perform access.check_proof(concat_ws('|', 'deadline', pg_backend_pid(), p_made), p_made, p_proof);
  update access.scheduler s set lease = p_lease, leased_until = clock_timestamp() + make_interval(secs => p_seconds)
   where s.lease is not distinct from p_lease or s.leased_until <= clock_timestamp() returning s.since into v_since;
  if v_since is null then return; end if;
  return query select d.kind, d.id, d.moment from access.due(greatest(v_since, now() - interval '60 days')) d
    where not exists (select from access.passed p where p.kind = d.kind and p.id = d.id and p.moment = d.moment) order by d.moment, d.id limit p_most;
end $$;

-- One moment, told of: whether it was for the first time. The row is touched and nothing in it changed, so that its own triggers
-- tell everybody who may see it; and there is an event, dated by the moment, where such an event is known.
create function access.moment_passed(p_kind text, p_id uuid, p_moment timestamptz, p_event uuid, p_made bigint, p_proof text) returns boolean
language plpgsql security definer set search_path = '' as $$
declare v_room uuid; v_revision integer;
begin
  perform access.check_proof(concat_ws('|', 'deadline', pg_backend_pid(), p_made), p_made, p_proof);
  -- as it stands now, and held: an act that was under way may have moved the moment
  if p_moment <= now() then
    case p_kind
      when 'CONSULTATION_CLOSES' then
        select c.room_id, c.revision into v_room, v_revision from graph.consultation c
         where c.id = p_id and c.stored_state = 'OPEN' and c.closes_at = p_moment for update;
      when 'EXTENSION_ENDS' then
        select e.room_id, e.revision into v_room, v_revision from graph.consultee e where e.id = p_id and e.extended_to = p_moment for update;
      when 'SEAT_ENDS' then
        select s.room_id into v_room from graph.seat s where s.id = p_id and s.ends_at = p_moment for update;
      when 'SEAT_STARTS' then
        select s.room_id into v_room from graph.seat s where s.id = p_id and s.starts_at = p_moment for update;
      when 'ACKNOWLEDGEMENT_LATE' then
        select t.room_id, t.revision into v_room, v_revision from graph.escalation_step t
         where t.id = p_id and t.state = 'SENT' and access.day_over(t.acknowledge_by) = p_moment for update;
      when 'ANSWER_LATE' then
        select t.room_id, t.revision into v_room, v_revision from graph.escalation_step t
         where t.id = p_id and t.state in ('SENT', 'ACKNOWLEDGED', 'ACCEPTED', 'ON_AGENDA') and access.day_over(t.answer_by) = p_moment for update;
    end case;
  end if;
  if v_room is null then return false; end if;
  insert into access.passed (kind, id, moment) values (p_kind, p_id, p_moment) on conflict do nothing;
  if not found then return false; end if;
  case p_kind
    when 'CONSULTATION_CLOSES' then
      update graph.consultation c set closes_at = c.closes_at where c.id = p_id;
      -- where a body stands that did not respond follows from it
      update graph.consultee e set extended_to = e.extended_to where e.consultation_id = p_id;
    when 'EXTENSION_ENDS' then update graph.consultee e set extended_to = e.extended_to where e.id = p_id;
    when 'SEAT_ENDS', 'SEAT_STARTS' then update graph.seat s set ends_at = s.ends_at where s.id = p_id;
    else update graph.escalation_step t set answer_by = t.answer_by where t.id = p_id;
  end case;
  perform access.leave_event(v_room, p_event, case p_kind when 'CONSULTATION_CLOSES' then 'consultation.closed' when 'EXTENSION_ENDS' then 'consultee.closed'
    when 'SEAT_ENDS' then 'seat.ended' when 'SEAT_STARTS' then 'seat.started' else 'step.overdue' end, p_id, v_revision, p_moment);
  return true;
end $$;

-- What is kept under keys, for a week; and what was told of, for a year.
create function access.kept_pruned(p_made bigint, p_proof text) returns void language plpgsql security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'deadline', pg_backend_pid(), p_made), p_made, p_proof);
  delete from graph.idempotency i where i.created_at < now() - interval '7 days';
  delete from access.passed p where p.moment < now() - interval '1 year';
end $$;

revoke all on function access.due, access.day_over, access.moments_due, access.moment_passed, access.kept_pruned from public;
grant execute on function access.moments_due, access.moment_passed, access.kept_pruned to partnership_app;

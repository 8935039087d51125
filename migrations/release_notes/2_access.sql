-- Release notes are written by the seat that asks, shown to whoever has a code, and counted for the whole trust. Run as partnership_access.
-- Of which employer the acting seat's holder is released: null in no seat of a body, or where no trust employs them that could be named.
create function access.release_note_issue(p_id uuid, p_on date, p_hours numeric, p_until date, p_code_hash bytea) returns uuid
language plpgsql security definer set search_path = '' as $$
declare v_seat graph.seat; v_employer uuid;
begin
  select * into v_seat from graph.seat s where s.id = access.seat() and s.forum_id is not null;
  if v_seat.id is null then return null; end if;
  select e.organisation_id into v_employer from graph.seat e
   where e.person_id = v_seat.person_id and e.office = 'EMPLOYEE' and e.forum_id is null and now() >= e.starts_at and now() < e.ends_at
   order by e.organisation_id <> v_seat.organisation_id, e.organisation_id limit 1;
  if v_employer is null then
    select o.id into v_employer from graph.organisation o where o.id = v_seat.organisation_id and o.kind = 'TRUST';
  end if;
  if v_employer is not null then
    insert into graph.release_note (id, room_id, organisation_id, on_day, hours, code_hash, verifiable_until)
      values (p_id, v_seat.personal_room, v_employer, p_on, p_hours, p_code_hash, p_until);
  end if;
  return v_employer;
end $$;

-- Whether it stood until now. A note of another seat's does not.
create function access.release_note_revoke(p_id uuid) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  update graph.release_note n set revoked_at = now(), revision = n.revision + 1
    from graph.seat s where s.id = access.seat() and s.personal_room = n.room_id and n.id = p_id and n.revoked_at is null;
  return found;
end $$;

-- What a code shows to anybody. One that is nobody's, revoked, too old, or of a seat that ended before the day shows nothing.
create function access.release_note_shown(p_code_hash bytea, p_made bigint, p_proof text) returns table (on_day date, hours numeric, trust text)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'release note', encode(p_code_hash, 'hex'), pg_backend_pid(), p_made), p_made, p_proof);
  return query select n.on_day, n.hours, o.name from graph.release_note n
    join graph.organisation o on o.id = n.organisation_id join graph.seat s on s.personal_room = n.room_id
   where n.code_hash = p_code_hash and n.revoked_at is null and n.verifiable_until >= graph.today()
     and s.ends_at > n.on_day::timestamp at time zone 'Europe/London';
end $$;

-- How many people a trust's notes of some days released, and for how many hours, at most so many each, as it stood at one moment:
-- what is issued or revoked later changes nothing. For that trust's HR service; exact, so for the service alone, which shows it rounded.
create function access.time_off_counted(p_organisation uuid, p_from date, p_to date, p_as_of timestamptz, p_most numeric, p_made bigint, p_proof text)
returns table (people bigint, hours numeric) language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'time off', p_organisation, p_from, p_to, pg_backend_pid(), p_made), p_made, p_proof);
  if p_as_of > now() or not exists (select from graph.seat s where s.id = access.seat() and s.office = 'SERVICE' and s.forum_id is null and s.organisation_id = p_organisation) then return; end if;
  return query select count(*), coalesce(sum(least(each.hours, p_most)), 0) from (
    select sum(n.hours) as hours from graph.release_note n join graph.seat s on s.personal_room = n.room_id
     where n.organisation_id = p_organisation and n.on_day between p_from and p_to and n.created_at < p_as_of
       and (n.revoked_at is null or n.revoked_at >= p_as_of)
     group by s.person_id) each;
end $$;

revoke all on function access.release_note_issue, access.release_note_revoke, access.release_note_shown, access.time_off_counted from public;
grant execute on function access.release_note_issue, access.release_note_revoke, access.release_note_shown, access.time_off_counted to partnership_app;

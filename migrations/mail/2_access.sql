-- Mail to people, for the service alone: each function that it calls takes its proof. Run as partnership_access.
create function access.mail_proven(p_made bigint, p_proof text) returns void language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'mail', pg_backend_pid(), p_made), p_made, p_proof);
end $$;

-- Whether the account is one of whoever was entered, at the sign-in that they were entered by.
create function access.mail_is_own(p_account uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from access.account a where a.id = p_account and a.closed_at > now() and a.person_id = access.person() and a.issuer = access.issuer()) $$;

-- The preference of an account, for whoever was entered by it: another's, and one of another sign-in of one's own, is none.
create function access.mail_own(p_account uuid, p_made bigint, p_proof text)
returns table (id uuid, state text, cadence text, address bytea, address_mark bytea, code_number integer, code_until timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.mail_proven(p_made, p_proof);
  return query select m.id, m.state, m.cadence, m.address, m.address_mark, m.code_number, m.code_until
    from access.mail_preference m where m.account_id = p_account and m.state <> 'OFF' and access.mail_is_own(p_account);
end $$;

-- Nothing is sent any more, and nothing is kept of where or of what.
create function access.mail_silence(p_preference uuid, p_state text) returns void language plpgsql security definer set search_path = '' as $$
begin
  update access.mail_preference m set state = p_state, address = case when p_state <> 'OFF' then m.address end,
      address_mark = case when p_state <> 'OFF' then m.address_mark end, code_until = '-infinity', revision = m.revision + 1
    where m.id = p_preference;
  update access.mail_outgoing o set state = 'DROPPED' where o.preference_id = p_preference and o.state = 'PENDING';
  delete from access.mail_told t where t.preference_id = p_preference;
end $$;

-- The row of one's own account, locked, for whoever acts in a seat; made where there is none.
create function access.mail_row(p_new uuid, p_account uuid) returns access.mail_preference
language plpgsql security definer set search_path = '' as $$
declare v access.mail_preference;
begin
  if access.seat() is null or not access.mail_is_own(p_account) then perform access.refuse(); end if;
  insert into access.mail_preference (id, account_id) values (p_new, p_account) on conflict (account_id) do nothing;
  select * into v from access.mail_preference m where m.account_id = p_account for update;
  return v;
end $$;

-- Mail from now on. KEPT: the address is the confirmed one. CODE: a code is to be mailed to it. NONE: there is no address.
create function access.mail_set(p_new uuid, p_account uuid, p_cadence text, p_address bytea, p_mark bytea, p_until timestamptz, p_most integer,
  p_outgoing uuid, p_made bigint, p_proof text) returns text language plpgsql security definer set search_path = '' as $$
declare v access.mail_preference; v_codes integer;
begin
  perform access.mail_proven(p_made, p_proof);
  v := access.mail_row(p_new, p_account);
  if v.state = 'CONFIRMED' and coalesce(p_mark, v.address_mark) = v.address_mark then
    if v.cadence <> p_cadence then
      delete from access.mail_told t where t.preference_id = v.id;
      update access.mail_outgoing o set state = 'DROPPED' where o.preference_id = v.id and o.state = 'PENDING';
      update access.mail_preference m set cadence = p_cadence, since = now(), noted = false, look_at = now(), revision = m.revision + 1 where m.id = v.id;
    end if;
    return 'KEPT';
  end if;
  if p_mark is null then return 'NONE'; end if;
  v_codes := case when v.codes_on = current_date then v.codes else 0 end;
  if v_codes >= p_most then return 'TOO_MANY'; end if;
  perform access.mail_silence(v.id, v.state);
  update access.mail_preference m set state = 'UNCONFIRMED', cadence = p_cadence, address = p_address, address_mark = p_mark, code_number = m.code_number + 1,
      code_until = p_until, codes_on = current_date, codes = v_codes + 1, noted = false, look_at = now() where m.id = v.id;
  insert into access.mail_outgoing (id, preference_id, kind, address_mark, slot) values (p_outgoing, v.id, 'CODE', p_mark, concat_ws(' ', 'CODE', v.id, v.code_number + 1));
  return 'CODE';
end $$;
create function access.mail_off(p_new uuid, p_account uuid, p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
declare v access.mail_preference;
begin
  perform access.mail_proven(p_made, p_proof);
  v := access.mail_row(p_new, p_account);
  perform access.mail_silence(v.id, 'OFF');
end $$;

-- The code of this number was given: the address is the person's.
create function access.mail_confirm(p_account uuid, p_number integer, p_made bigint, p_proof text) returns boolean
language plpgsql security definer set search_path = '' as $$
declare v access.mail_preference;
begin
  perform access.mail_proven(p_made, p_proof);
  if access.seat() is null or not access.mail_is_own(p_account) then perform access.refuse(); end if;
  select * into v from access.mail_preference m where m.account_id = p_account for update;
  if v.state is distinct from 'UNCONFIRMED' or v.code_number <> p_number or v.code_until <= now() then return false; end if;
  update access.mail_outgoing o set state = 'DROPPED' where o.preference_id = v.id and o.state = 'PENDING';
  update access.mail_preference m set state = 'CONFIRMED', code_until = '-infinity', since = now(), noted = false, look_at = now(), revision = m.revision + 1
    where m.id = v.id;
  return true;
end $$;

-- By the link of a mail that was sent to this address.
create function access.mail_unsubscribe(p_preference uuid, p_mark bytea, p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform access.mail_proven(p_made, p_proof);
  perform access.mail_silence(m.id, 'OFF') from access.mail_preference m where m.id = p_preference and m.address_mark = p_mark;
end $$;

-- The next to look at, each in one hand at a time. Whose account closed or who holds no seat has none.
create function access.mail_turns(p_most integer, p_seconds double precision, p_lease uuid, p_made bigint, p_proof text)
returns table (preference_id uuid, account_id uuid, seats uuid[], state text, cadence text, address bytea, address_mark bytea, code_number integer,
  since timestamptz, noted boolean, revision integer)
language plpgsql security definer set search_path = '' as $$
begin
  perform access.mail_proven(p_made, p_proof);
  return query update access.mail_preference u set lease = p_lease, leased_until = clock_timestamp() + make_interval(secs => p_seconds)
    from (select m.id from access.mail_preference m
           where (m.state = 'CONFIRMED' or (m.state = 'UNCONFIRMED' and m.code_until > clock_timestamp()))
             and m.look_at <= clock_timestamp() and m.leased_until <= clock_timestamp()
             and exists (select from access.held(m.account_id))
           -- by chance among equals, so that of two accounts with one address neither is always first
           order by m.look_at, random() limit p_most for update of m skip locked) n
    where u.id = n.id
    returning u.id, u.account_id, array(select h.id from access.held(u.account_id) h order by h.id), u.state, u.cadence, u.address, u.address_mark,
      u.code_number, u.since, u.noted, u.revision;
end $$;

-- What can be told now, from whoever has the preference in hand; p_now null: a mail that comes news or none. What is by the day
-- waits for a slot that tells days, and is told at its first look alone: a later one would tell the minute. Whether a mail is to
-- be sent: what is noted as told and the mail that tells it are written here together, or neither.
create function access.mail_gathered(p_preference uuid, p_lease uuid, p_revision integer, p_outgoing uuid, p_slot text, p_tells_days boolean, p_now bytea[],
  p_by_the_day bytea[], p_made bigint, p_proof text) returns boolean language plpgsql security definer set search_path = '' as $$
declare v access.mail_preference; v_news boolean := true; v_held bytea[] := p_by_the_day;
begin
  perform access.mail_proven(p_made, p_proof);
  select * into v from access.mail_preference m where m.id = p_preference and m.lease = p_lease and m.leased_until > clock_timestamp()
    and m.revision = p_revision and m.state = 'CONFIRMED' for update;
  -- one that waits to be sent tells whatever came since
  if v.id is null or exists (select from access.mail_outgoing o where o.preference_id = v.id and o.state = 'PENDING') then return false; end if;
  if p_now is not null and not v.noted then
    insert into access.mail_told (preference_id, notice) select v.id, n from unnest(p_now) n on conflict do nothing;
    update access.mail_preference m set noted = true where m.id = v.id;
    return false;
  end if;
  if p_tells_days and v.day_slot <> p_slot then
    v_held := '{}';
    update access.mail_preference m set day_slot = p_slot where m.id = v.id;
  end if;
  if p_now is not null then
    v_news := exists (select from unnest(p_now) n where n <> all (v_held)
      and not exists (select from access.mail_told t where t.preference_id = v.id and t.notice = n));
  end if;
  if v_news then
    if p_slot is null then return false; end if;
    insert into access.mail_outgoing (id, preference_id, kind, address_mark, slot) values (p_outgoing, v.id, 'UPDATE', v.address_mark, p_slot)
      on conflict (address_mark, slot) do nothing;
    if not found then return false; end if; -- this address was mailed in this slot: told in the next
  end if;
  if p_now is not null then
    delete from access.mail_told t where t.preference_id = v.id and t.notice <> all (p_now);
    insert into access.mail_told (preference_id, notice) select v.id, n from unnest(p_now) n where n <> all (v_held) on conflict do nothing;
  end if;
  return v_news;
end $$;

-- What is to be sent of a preference in hand: how many seconds old it is, and in how many it is due.
create function access.mail_due(p_preference uuid, p_lease uuid, p_made bigint, p_proof text)
returns table (id uuid, kind text, attempts integer, age double precision, wait double precision)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.mail_proven(p_made, p_proof);
  return query select o.id, o.kind, o.attempts, extract(epoch from clock_timestamp() - o.made_at)::double precision, greatest(0, extract(epoch from o.due_at - clock_timestamp()))::double precision
    from access.mail_outgoing o join access.mail_preference m on m.id = o.preference_id and m.address_mark = o.address_mark
   where m.id = p_preference and m.lease = p_lease and m.leased_until > clock_timestamp() and o.state = 'PENDING'
     and m.state = case o.kind when 'CODE' then 'UNCONFIRMED' else 'CONFIRMED' end
   order by o.made_at, o.id;
end $$;

-- What came of an attempt. REFUSED: the relay refuses the address for good.
create function access.mail_recorded(p_preference uuid, p_lease uuid, p_outgoing uuid, p_state text, p_seconds double precision, p_made bigint, p_proof text)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform access.mail_proven(p_made, p_proof);
  -- the preference first, as everybody locks them
  perform from access.mail_preference m where m.id = p_preference for update;
  update access.mail_outgoing o set attempts = o.attempts + 1, state = case p_state when 'REFUSED' then 'DROPPED' else p_state end,
      due_at = clock_timestamp() + make_interval(secs => p_seconds)
    where o.id = p_outgoing and o.preference_id = p_preference and o.state = 'PENDING';
  if found and p_state = 'REFUSED' then
    perform access.mail_silence(m.id, 'REFUSED') from access.mail_preference m join access.mail_outgoing o on o.address_mark = m.address_mark
      where m.id = p_preference and o.id = p_outgoing;
  end if;
end $$;

-- The service's secret is another, so that the address cannot be read: it is off.
create function access.mail_lost(p_preference uuid, p_lease uuid, p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform access.mail_proven(p_made, p_proof);
  perform access.mail_silence(m.id, 'OFF') from access.mail_preference m where m.id = p_preference and m.lease = p_lease;
end $$;

-- Out of hand again until the next look; at once where its person changed it meanwhile.
create function access.mail_freed(p_preference uuid, p_lease uuid, p_revision integer, p_seconds double precision, p_made bigint, p_proof text)
returns void language plpgsql security definer set search_path = '' as $$
begin
  perform access.mail_proven(p_made, p_proof);
  update access.mail_preference m set lease = null, leased_until = '-infinity',
      look_at = case when m.revision = p_revision then clock_timestamp() + make_interval(secs => p_seconds) else m.look_at end
    where m.id = p_preference and m.lease = p_lease;
end $$;

-- What was sent goes after two days, and an address that nobody confirmed a week after its code.
create function access.mail_pruned(p_made bigint, p_proof text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform access.mail_proven(p_made, p_proof);
  delete from access.mail_outgoing o where o.state <> 'PENDING' and o.made_at < now() - interval '2 days';
  perform access.mail_silence(m.id, 'OFF') from access.mail_preference m where m.state = 'UNCONFIRMED' and m.code_until < now() - interval '7 days';
end $$;

revoke all on function access.mail_proven, access.mail_is_own, access.mail_own, access.mail_silence, access.mail_row, access.mail_set, access.mail_off, access.mail_confirm,
  access.mail_unsubscribe, access.mail_turns, access.mail_gathered, access.mail_due, access.mail_recorded, access.mail_lost, access.mail_freed,
  access.mail_pruned from public;
grant execute on function access.mail_own, access.mail_set, access.mail_off, access.mail_confirm, access.mail_unsubscribe, access.mail_turns,
  access.mail_gathered, access.mail_due, access.mail_recorded, access.mail_lost, access.mail_freed, access.mail_pruned to partnership_app;

-- What crosses walls for issues and steps: raising, opening a step, consent, withdrawal, interest, disclosure, themes. Run as
-- partnership_access. Each function asks by itself that its caller holds the room concerned.

-- As in 0002; and the rooms of what one raised, and bars by office.
create or replace function access.enter(p_account uuid, p_seat uuid, p_merge boolean, p_made bigint, p_proof text)
returns table (moment timestamptz, person_id uuid, seat_id uuid, held integer)
language plpgsql security definer set search_path = '' as $$
declare
  v_person uuid; v_issuer text; v_own_only boolean; v_vouched text; v_acting graph.seat[]; v_rooms uuid[]; v_barred uuid[]; v_held integer; v_seat uuid;
begin
  perform access.check_proof(concat_ws('|', 'enter', p_account, p_seat, p_merge, pg_backend_pid(), p_made), p_made, p_proof);
  select a.person_id, a.issuer, a.own_only, a.vouched_by into v_person, v_issuer, v_own_only, v_vouched from access.account a where a.id = p_account and a.closed_at > now();
  -- the chosen seat, or all, or the one seat, not counting employment where there is another
  select count(*), array_agg(h.seat) filter (where case
      when p_seat is not null then h.id = p_seat
      when p_merge then true
      else h.seats = 1 or (h.offices = 1 and h.office <> 'EMPLOYEE') end)
    into v_held, v_acting from (
      select s as seat, s.id, s.office, count(*) over () as seats, count(*) filter (where s.office <> 'EMPLOYEE') over () as offices
        from access.held(p_account) s) h;
  if v_acting is null then
    -- no capacity chosen: the open rooms of one's organisations, nothing else
    select coalesce(array_agg(distinct r.id), '{}') into v_rooms
      from access.held(p_account) h join graph.room r on r.organisation_id = h.organisation_id
     where r.forum_id is null and r.purpose in ('ORGANISATION', 'REGION') and p_seat is null;
  elsif cardinality(v_acting) = 1 then
    v_rooms := access.rooms_of(v_acting[1]);
  else
    v_rooms := access.rooms_of(v_acting);
  end if;
  if cardinality(v_acting) = 1 and not p_merge then v_seat := v_acting[1].id; end if;
  -- what one raised oneself: in the seat it was raised from, as an employee, and where no body's seat was chosen; with no seat
  -- left too, so that whoever leaves the trust keeps sight of it. From a seat bound to an issuer, only through that issuer:
  -- whoever runs the trust's sign-in must not learn what was raised through the union's
  select v_rooms || coalesce(array_agg(r.own_room), '{}') into v_rooms from graph.raiser r
    join graph.seat s on s.id = r.seat_id and (s.issuer is null or s.issuer = coalesce(v_vouched, v_issuer))
   where r.person_id = v_person and case when v_acting is null then p_seat is null
     else v_seat is null or v_seat = r.seat_id or v_acting[1].office = 'EMPLOYEE' end;
  -- only bars on what would stand open: one on a room that never did would tell that the room is there
  select coalesce(array_agg(b.room_id), '{}') into v_barred from (
    select p.room_id from graph.bar p where p.person_id = v_person
    union
    select o.room_id from graph.seat s join graph.bar_office o on o.forum_id = s.forum_id and o.side = s.side and o.office = s.office
     where s.person_id = v_person and now() >= s.starts_at and now() < s.ends_at) b
   where exists (select from graph.door d where d.into_room = b.room_id and d.from_room = any (v_rooms));
  -- from a sign-in of one's own nothing shows of who one is: whoever runs it must not learn of a seat
  perform set_config('app.person', case when v_own_only then '' else coalesce(v_person::text, '') end, true), set_config('app.issuer', coalesce(v_issuer, ''), true),
          set_config('app.seat', coalesce(v_seat::text, ''), true);
  perform access.seal(v_rooms, v_barred);
  return query select now(), v_person, v_seat, v_held;
end $$;

-- Sets and seals the rooms of this transaction. For `enter`, and for a function that has just made a room for its caller.
create function access.seal(p_rooms uuid[], p_barred uuid[]) returns void language plpgsql security definer set search_path = '' as $$
begin
  perform set_config('app.rooms', p_rooms::text, true), set_config('app.barred', p_barred::text, true);
  perform set_config('app.seal', access.sign(concat_ws('|', current_setting('app.person'), access.text_digest(current_setting('app.issuer')),
    current_setting('app.seat'), p_rooms::text, p_barred::text, pg_backend_pid(), access.now_micros())), true);
end $$;

-- At no moment: the hour at which a room of an issue or a step was made would tell who was at work, and to its receiver that a step
-- lay for days before it was sent.
create function access.make_case(p_room uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  insert into graph.room (id, purpose, created_at) values (p_room, 'CASE', '-infinity');
  insert into graph.door (from_room, into_room, may_write) values (p_room, p_room, true);
end $$;
create function access.let_in(p_from uuid, p_into uuid, p_may_write boolean) returns void language plpgsql security definer set search_path = '' as $$
begin
  insert into graph.door (from_room, into_room, may_write) values (p_from, p_into, p_may_write)
    on conflict (into_room, from_room) do update set may_write = graph.door.may_write or excluded.may_write;
end $$;
create function access.copy_bars(p_from uuid, p_into uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  insert into graph.bar (person_id, room_id, reason, created_at) select b.person_id, p_into, '', '-infinity' from graph.bar b where b.room_id = p_from
    on conflict do nothing;
  insert into graph.bar_office (forum_id, side, office, room_id) select b.forum_id, b.side, b.office, p_into from graph.bar_office b
    where b.room_id = p_from on conflict do nothing;
end $$;
create function access.channel_room(p_forum uuid, p_channel text) returns uuid language sql stable security definer set search_path = '' as $$
  select r.id from graph.room r where r.forum_id = p_forum and r.purpose = p_channel $$;

-- Whether a person is barred from a room, by name or by an office that they hold now.
create function access.is_barred(p_person uuid, p_room uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from graph.bar b where b.room_id = p_room and b.person_id = p_person)
      or exists (select from graph.bar_office b join graph.seat s on s.forum_id = b.forum_id and s.side = b.side and s.office = b.office
           and now() >= s.starts_at and now() < s.ends_at where b.room_id = p_room and s.person_id = p_person) $$;
-- Whether a room is closed to whoever is in, whatever seat they chose.
create function access.is_closed(p_room uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select access.is_barred(access.person(), p_room) $$;

-- Whether somebody can take what lies in this room: on each side that receives there, a seat in one of the offices that is not
-- barred. Nothing passes from a side whose seats are all barred to the other.
create function access.can_be_taken(p_forum uuid, p_channel text, p_offices text[], p_room uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce(bool_and(found.able > 0), false) from (
    select s.side, count(*) filter (where not access.is_barred(s.person_id, p_room)) as able
      from graph.seat s join graph.forum f on f.id = s.forum_id
      join access.office o on o.kind = f.kind and o.side = s.side and o.office = s.office and p_channel = any (o.opens)
     where s.forum_id = p_forum and s.office = any (p_offices) and now() >= s.starts_at and now() < s.ends_at
     group by s.side) found $$;

-- An issue is raised: its room, the raiser's own, and where it is confidential the room of the identity. Answers 'NO_RECEIVER',
-- and makes nothing, where everybody who could take it is implicated.
create function access.issue_raise(p_issue uuid, p_room uuid, p_own uuid, p_identity uuid, p_raiser uuid, p_forum uuid, p_channel text,
  p_category text, p_manner text, p_mode text, p_body text, p_effect text, p_office boolean, p_recipient uuid, p_people uuid[],
  p_office_forums uuid[], p_office_sides text[], p_offices text[]) returns text
language plpgsql security definer set search_path = '' as $$
declare v_seat graph.seat; v_kind text; v_into uuid; v_route access.route; v_vault uuid;
begin
  select * into v_seat from graph.seat s where s.id = access.seat();
  select f.kind into v_kind from graph.forum f where f.id = p_forum and access.opens(f.room_id, false);
  select * into v_route from access.route r where r.kind = 'RAISE' and r.to_kind = v_kind and r.to_channel = p_channel
    and graph.today() >= r.starts_on and graph.today() < r.ends_on;
  v_into := access.channel_room(p_forum, p_channel);
  if v_seat.id is null or v_into is null or v_route.code is null
     or not (v_kind = 'FREEDOM_TO_SPEAK_UP' or (v_seat.forum_id = p_forum and (p_channel = 'OFFICERS' or v_into = any (access.rooms()))))
     or (p_mode = 'OFFICE' and not v_into = any (access.rooms()))
     or exists (select from unnest(p_people) x where not exists (select from graph.seat s where s.person_id = x and access.opens(s.room_id, false)))
     or exists (select from unnest(p_office_forums) x where not exists (select from graph.forum f where f.id = x and access.opens(f.room_id, false)))
  then perform access.refuse(); end if;
  perform access.make_case(p_room);
  -- by office: whoever holds it now, though they change seats, and whoever holds it next
  insert into graph.bar (person_id, room_id, reason, created_at)
    select x, p_room, '', timestamptz '-infinity' from unnest(p_people) x
    union
    select s.person_id, p_room, '', '-infinity' from unnest(p_office_forums, p_office_sides, p_offices) as x(forum, side, office)
      join graph.seat s on s.forum_id = x.forum and s.side = x.side and s.office = x.office and now() >= s.starts_at and now() < s.ends_at;
  insert into graph.bar_office (forum_id, side, office, room_id)
    select distinct x.forum, x.side, x.office, p_room from unnest(p_office_forums, p_office_sides, p_offices) as x(forum, side, office);
  if not access.can_be_taken(p_forum, p_channel, v_route.received_by, p_room) then return 'NO_RECEIVER'; end if;
  perform access.let_in(v_into, p_room, true);
  insert into graph.issue (id, room_id, forum_id, channel, category, manner, identity, raised_by_side, raised_by_office, body, effect_sought)
    values (p_issue, p_room, p_forum, p_channel, p_category, p_manner, p_mode,
      -- of one side there may be one in a network: the side would be a name
      case when p_mode = 'CONFIDENTIAL' then 'NONE' else v_seat.side end,
      case when p_office then v_seat.office end, p_body, p_effect);
  if p_mode = 'OFFICE' then return null; end if;
  perform access.make_case(p_own);
  perform access.let_in(p_own, p_room, true);
  v_vault := p_room;
  if p_mode = 'CONFIDENTIAL' then
    perform access.make_case(p_identity);
    perform access.copy_bars(p_room, p_identity);
    perform access.let_in(p_own, p_identity, true);
    v_vault := p_identity;
  end if;
  insert into graph.raiser (id, room_id, issue_id, own_room, person_id, seat_id, display_name)
    select p_raiser, v_vault, p_issue, p_own, p.id, v_seat.id, p.display_name from graph.person p where p.id = v_seat.person_id;
  if p_mode = 'CONFIDENTIAL' then perform access.entrust(p_issue, p_recipient); end if;
  perform access.seal(access.rooms() || p_own, access.barred());
  return null;
end $$;

-- The identity is entrusted to the holder of one seat, who can take issues there; whoever had it before loses it.
create function access.entrust(p_issue uuid, p_seat uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v graph.raiser; v_issue graph.issue; v_seat graph.seat;
begin
  select * into v from graph.raiser r where r.issue_id = p_issue;
  select * into v_issue from graph.issue i where i.id = p_issue;
  select s.* into v_seat from graph.seat s join graph.forum f on f.id = s.forum_id
    join access.office o on o.kind = f.kind and o.side = s.side and o.office = s.office and v_issue.channel = any (o.opens)
   where s.id = p_seat and s.forum_id = v_issue.forum_id and now() >= s.starts_at and now() < s.ends_at and s.person_id <> v.person_id
     and access.opens(s.room_id, false)
     and not access.is_barred(s.person_id, v.room_id);
  if v_seat.id is null then perform access.refuse(); end if;
  update graph.door d set closes_at = access.start_of_today() from graph.seat s
   where s.id = v.recipient_seat and d.into_room = v.room_id and d.from_room = s.personal_room;
  insert into graph.door (from_room, into_room, may_write) values (v_seat.personal_room, v.room_id, true)
    on conflict (into_room, from_room) do update set closes_at = 'infinity';
  update graph.raiser r set recipient_seat = v_seat.id where r.id = v.id;
end $$;
create function access.recipient_choose(p_issue uuid, p_seat uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from graph.raiser r join graph.issue i on i.id = r.issue_id
      where r.issue_id = p_issue and i.identity = 'CONFIDENTIAL' and r.own_room = any (access.rooms())) then perform access.refuse(); end if;
  perform access.entrust(p_issue, p_seat);
end $$;

-- Whether the caller speaks for whoever raised the issue: its raiser, or where the body raised it itself, who holds its room.
create function access.speaks_for(p_issue uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from graph.raiser r where r.issue_id = p_issue and r.own_room = any (access.rooms()))
      or exists (select from graph.issue i where i.id = p_issue and i.identity = 'OFFICE'
           and access.channel_room(i.forum_id, i.channel) = any (access.rooms()) and access.opens(i.room_id, true)) $$;
create function access.root_of(p_step uuid) returns uuid language sql stable security definer set search_path = '' as $$
  select t.issue_id from graph.step_trail t where t.step_id = p_step and t.issue_id is not null $$;

-- The bodies that a step may go to from here today, and by which route.
create function access.routes_from(p_forum uuid, p_channel text) returns table (code text, kind text, carries text, forum_id uuid, forum_kind text,
  forum_name text, channel text, diverts_casework boolean, acknowledge_days integer, answer_days integer)
language sql stable security definer set search_path = '' as $$
  select r.code, r.kind, r.carries, t.id, t.kind, t.local_name, r.to_channel, r.diverts_casework, r.acknowledge_days, r.answer_days
    from graph.forum f join access.route r on r.from_kind = f.kind and r.from_channel = p_channel and r.kind <> 'RAISE'
    join graph.forum t on t.kind = r.to_kind and t.closed_on is null
   where f.id = p_forum and access.channel_room(p_forum, p_channel) = any (access.rooms())
     and graph.today() >= r.starts_on and graph.today() < r.ends_on
     and case when r.reach = 'SAME_ORGANISATION' then t.organisation_id = f.organisation_id
         else exists (select from graph.region_member m where graph.today() >= m.starts_on and graph.today() < m.ends_on
           and (m.region_id, m.member_id) in ((t.organisation_id, f.organisation_id), (f.organisation_id, t.organisation_id))) end
   order by t.kind, t.local_name, r.to_channel, r.code $$;

-- A step is drafted: from an issue by who holds its body's room, or from a step by who received it and took it up. Nobody at the
-- other end is let in before the raiser consents.
create function access.step_open(p_step uuid, p_room uuid, p_content uuid, p_issue uuid, p_previous uuid, p_trails uuid[], p_summary uuid,
  p_route text, p_to uuid, p_category text, p_body text) returns void
language plpgsql security definer set search_path = '' as $$
declare v_issue graph.issue; v_before graph.escalation_step; v_from uuid; v_channel text; v_beside uuid; v_own uuid; v_route record; v_name text; v_number integer;
begin
  if p_previous is null then
    select * into v_issue from graph.issue i where i.id = p_issue and access.opens(i.room_id, true) for update;
    v_from := v_issue.forum_id; v_channel := v_issue.channel; v_beside := v_issue.room_id;
  else
    select * into v_before from graph.escalation_step s where s.id = p_previous and access.opens(s.room_id, true) and s.state in ('ACCEPTED', 'ON_AGENDA') for update;
    v_from := v_before.to_forum_id; v_channel := v_before.to_channel; v_beside := v_before.room_id;
    select * into v_issue from graph.issue i where i.id = access.root_of(p_previous);
  end if;
  select * into v_route from access.routes_from(v_from, v_channel) r where r.code = p_route and r.forum_id = p_to and r.carries <> 'THEME';
  if v_issue.id is null or v_from is null or v_route.code is null
     or (p_previous is null and v_issue.state in ('WITHDRAWN', 'HANDED_OVER', 'CLOSED')) then perform access.refuse(); end if;
  perform access.make_case(p_room), access.make_case(p_content);
  perform access.copy_bars(v_beside, p_room), access.copy_bars(v_beside, p_content);
  v_own := access.channel_room(v_from, v_channel);
  -- the status is for everybody upstream, the raiser among them; what is written for the receiver for the raiser and the sender
  if p_previous is not null then
    insert into graph.door (from_room, into_room, may_write)
      select d.from_room, p_room, false from graph.door d where d.into_room = v_before.room_id and d.from_room <> v_before.room_id;
  end if;
  perform access.let_in(v_own, p_room, false), access.let_in(v_own, p_content, true);
  perform access.let_in(r.own_room, p_room, false), access.let_in(r.own_room, p_content, true) from graph.raiser r where r.issue_id = v_issue.id;
  if v_issue.identity = 'OFFICE' and p_previous is not null then
    perform access.let_in(access.channel_room(v_issue.forum_id, v_issue.channel), p_content, false);
  end if;
  select f.local_name into v_name from graph.forum f where f.id = v_from;
  insert into graph.escalation_step (id, room_id, content_room, route, kind, carries, from_forum_id, from_channel, from_name, to_forum_id, to_channel,
      to_name, category)
    values (p_step, p_room, p_content, v_route.code, v_route.kind, v_route.carries, v_from, v_channel, v_name, p_to, v_route.channel,
      v_route.forum_name, p_category);
  select count(*) + 1 into v_number from graph.step_trail t where t.issue_id = v_issue.id;
  insert into graph.step_trail (id, room_id, issue_id, issue_room, step_id, step_room, number)
    values (p_trails[1], v_issue.room_id, v_issue.id, v_issue.room_id, p_step, p_room, v_number);
  if p_previous is not null then
    insert into graph.step_trail (id, room_id, previous_id, step_id, step_room, number) values (p_trails[2], v_before.room_id, p_previous, p_step, p_room, v_number);
  end if;
  insert into graph.step_summary (id, room_id, step_id, step_room, body, content_hash)
    values (p_summary, p_content, p_step, p_room, p_body, access.text_digest(p_body));
end $$;

-- Consent to exactly the text of this hash lets the receiver in; where nobody there can take it, it goes back and nobody is.
create function access.consent_give(p_step uuid, p_consent uuid, p_hash text, p_acknowledge_by date, p_answer_by date, p_notice uuid, p_event uuid) returns text
language plpgsql security definer set search_path = '' as $$
declare v graph.escalation_step; v_root uuid := access.root_of(p_step); v_issue graph.issue; v_room uuid; v_offices text[]; v_beside uuid;
begin
  select * into v from graph.escalation_step s where s.id = p_step for update;
  if v.id is null or v_root is null or not access.speaks_for(v_root) or v.state <> 'AWAITING_CONSENT'
     or not exists (select from graph.step_summary m where m.step_id = p_step and m.content_hash = p_hash and p_hash = access.text_digest(m.body)) then
    perform access.refuse();
  end if;
  -- what was closed meanwhile sends nothing any more; shared, so that no closing slips in between
  select * into v_issue from graph.issue i where i.id = v_root for share;
  if v_issue.state in ('WITHDRAWN', 'HANDED_OVER', 'CLOSED') then perform access.refuse(); end if;
  select coalesce(b.content_room, v_issue.room_id) into v_beside from graph.step_trail t left join graph.escalation_step b on b.id = t.previous_id
   where t.step_id = p_step order by t.previous_id nulls last limit 1;
  insert into graph.consent (id, room_id, step_id, step_room, content_hash, by_office)
    values (p_consent, v_beside, p_step, v.room_id, p_hash, v_issue.identity = 'OFFICE');
  select r.received_by into v_offices from access.route r where r.code = v.route;
  if not access.can_be_taken(v.to_forum_id, v.to_channel, v_offices, v.room_id) then
    update graph.escalation_step s set state = 'RETURNED', sent_on = graph.today(), ended_on = graph.today(), revision = s.revision + 1,
      reason = 'Nobody there can take this up.' where s.id = p_step;
    return 'NO_RECEIVER';
  end if;
  v_room := access.channel_room(v.to_forum_id, v.to_channel);
  perform access.let_in(v_room, v.room_id, true), access.let_in(v_room, v.content_room, true);
  update graph.escalation_step s set state = 'SENT', dated_on = graph.today(), sent_on = graph.today(), acknowledge_by = p_acknowledge_by,
    answer_by = p_answer_by, revision = s.revision + 1 where s.id = p_step;
  perform access.leave_event(v.room_id, p_event, 'step.sent', p_step, v.revision + 1, access.start_of_today());
  update graph.escalation_step s set state = 'REFERRED', ended_on = graph.today(), revision = s.revision + 1
    from graph.step_trail t where v.kind = 'REFER' and t.step_id = p_step and t.previous_id = s.id and s.state in ('ACCEPTED', 'ON_AGENDA');
  if v_issue.channel = 'OFFICERS' and v.carries = 'RECORD' and v.to_channel = 'JOINT'
     and exists (select from graph.forum f where f.id = v_issue.forum_id and f.kind = 'STAFF_NETWORK') then
    insert into graph.issue_notice (id, room_id, forum_id, step_room, category, to_kind, state)
      select p_notice, access.channel_room(v_issue.forum_id, 'MEMBERS'), v_issue.forum_id, v.room_id, v.category, f.kind, 'SENT' from graph.forum f where f.id = v.to_forum_id;
    update graph.step_trail t set notice_id = p_notice where t.step_id = p_step and t.issue_id = v_root;
  end if;
  return null;
end $$;

-- Taken back before it was accepted, what was written goes and a tombstone stays; afterwards the receiver is told.
create function access.consent_withdraw(p_step uuid, p_event uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v graph.escalation_step; v_root uuid := access.root_of(p_step);
begin
  select * into v from graph.escalation_step s where s.id = p_step for update;
  if v.id is null or v_root is null or not access.speaks_for(v_root)
     or v.state not in ('AWAITING_CONSENT', 'SENT', 'ACKNOWLEDGED', 'ACCEPTED', 'ON_AGENDA') or v.consent_withdrawn_on is not null then
    perform access.refuse();
  end if;
  update graph.consent c set withdrawn_on = graph.today() where c.step_id = p_step;
  perform access.leave_event(v.room_id, p_event, 'step.consentWithdrawn', p_step, v.revision + 1, access.start_of_today());
  if v.state in ('ACCEPTED', 'ON_AGENDA') then
    update graph.escalation_step s set consent_withdrawn_on = graph.today(), revision = s.revision + 1 where s.id = p_step;
    return;
  end if;
  update graph.step_summary m set body = '', withdrawn_on = graph.today() where m.step_id = p_step;
  update graph.step_message m set body = '' where m.step_id = p_step;
  update graph.escalation_step s set state = 'WITHDRAWN', consent_withdrawn_on = graph.today(), ended_on = graph.today(), revision = s.revision + 1
    where s.id = p_step;
  perform access.notice_end(p_step, 'WITHDRAWN');
end $$;
create function access.notice_end(p_step uuid, p_state text) returns void language plpgsql security definer set search_path = '' as $$
begin
  update graph.issue_notice n set state = p_state, ended_on = graph.today() from graph.step_trail t
   where t.step_id = p_step and n.id = t.notice_id and n.state = 'SENT';
end $$;

-- The receiver has answered or returned it: the members' notice says so. Handed over to the guardian: only a receipt is kept.
create function access.step_ended(p_step uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v graph.escalation_step;
begin
  select * into v from graph.escalation_step s where s.id = p_step and access.opens(s.room_id, true);
  if v.id is null or v.state not in ('RESOLVED', 'RETURNED') then perform access.refuse(); end if;
  if v.carries = 'RECEIPT' and v.state = 'RESOLVED' then
    update graph.step_summary m set body = '' where m.step_id = p_step;
    update graph.step_message m set body = '' where m.step_id = p_step;
  end if;
  perform access.notice_end(p_step, case v.state when 'RESOLVED' then 'ANSWERED' else v.state end);
end $$;
create function access.handover_take(p_issue uuid, p_receipt text) returns void language plpgsql security definer set search_path = '' as $$
declare v graph.issue;
begin
  select i.* into v from graph.issue i join graph.forum f on f.id = i.forum_id and f.kind = 'FREEDOM_TO_SPEAK_UP'
   where i.id = p_issue and access.opens(i.room_id, true) and access.channel_room(i.forum_id, i.channel) = any (access.rooms()) for update of i;
  if v.id is null or v.state not in ('RAISED', 'CARRIED') then perform access.refuse(); end if;
  update graph.issue_message m set body = '' where m.issue_id = p_issue;
  update graph.issue i set body = '', effect_sought = '', state = 'HANDED_OVER', ended_on = graph.today(), receipt = p_receipt, revision = i.revision + 1
    where i.id = p_issue;
end $$;

-- An interest declared closes one's own eyes to an issue or a step and to all that it becomes. Where nobody on that side is left to
-- take a step, it goes back.
create function access.interest_declare(p_issue uuid, p_step uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v_seen uuid; v_steps uuid[]; v graph.escalation_step;
begin
  select coalesce((select i.room_id from graph.issue i where i.id = p_issue and access.opens(i.room_id, false)),
                  (select s.room_id from graph.escalation_step s where s.id = p_step and access.opens(s.room_id, false))) into v_seen;
  if v_seen is null or access.person() is null or num_nonnulls(p_issue, p_step) <> 1 then perform access.refuse(); end if;
  v_steps := array(with recursive onward (id) as (
      select t.step_id from graph.step_trail t where t.issue_id = p_issue
      union select s.id from graph.escalation_step s where s.id = p_step
      union select t.step_id from onward o join graph.step_trail t on t.previous_id = o.id) select o.id from onward o);
  insert into graph.bar (person_id, room_id, reason, created_at) select distinct access.person(), x.id, '', timestamptz '-infinity' from (
      select v_seen as id
      union select r.room_id from graph.raiser r where r.issue_id = p_issue
      union select d.room_id from graph.identity_disclosure d where d.issue_id = p_issue
      union select y.id from graph.escalation_step s cross join lateral (values (s.room_id), (s.content_room)) y(id) where s.id = any (v_steps)) x
    on conflict do nothing;
  -- who steps back knows no identity from now on: the raiser chooses another, and nobody does it for them
  update graph.raiser r set recipient_seat = null from graph.seat s
   where r.issue_id = p_issue and s.id = r.recipient_seat and s.person_id = access.person();
  for v in select s.* from graph.escalation_step s where s.id = any (v_steps) and s.state in ('SENT', 'ACKNOWLEDGED', 'ACCEPTED', 'ON_AGENDA') order by s.id for update loop
    if not access.can_be_taken(v.to_forum_id, v.to_channel, (select r.received_by from access.route r where r.code = v.route), v.room_id) then
      update graph.escalation_step s set state = 'RETURNED', ended_on = graph.today(), revision = s.revision + 1, reason = 'Nobody there can take this up.'
        where s.id = v.id;
      perform access.notice_end(v.id, 'RETURNED');
    end if;
  end loop;
end $$;

-- The recipient tells the raiser to whom an identity is to be disclosed and why; where that is not safe, the raiser is not let in.
create function access.disclosure_open(p_id uuid, p_room uuid, p_issue uuid, p_seat uuid, p_words text, p_ground text, p_reason text, p_safe boolean,
  p_why_not text) returns void language plpgsql security definer set search_path = '' as $$
declare v graph.raiser; v_own uuid;
begin
  select r.* into v from graph.raiser r join graph.issue i on i.id = r.issue_id and i.identity = 'CONFIDENTIAL'
   where r.issue_id = p_issue and access.opens(r.room_id, true);
  select s.personal_room into v_own from graph.seat s where s.id = access.seat() and s.id = v.recipient_seat;
  if v_own is null or not exists (select from graph.seat s where s.id = p_seat and access.opens(s.room_id, false) and now() < s.ends_at
      and not access.is_barred(s.person_id, v.room_id)) then
    perform access.refuse();
  end if;
  perform access.make_case(p_room);
  perform access.copy_bars(v.room_id, p_room);
  perform access.let_in(v_own, p_room, true);
  if p_safe then perform access.let_in(v.own_room, p_room, true); end if;
  insert into graph.identity_disclosure (id, room_id, issue_id, to_seat, to_words, ground, reason, safe_to_tell, why_not_told, notified_on)
    values (p_id, p_room, p_issue, p_seat, p_words, p_ground, p_reason, p_safe, p_why_not, case when p_safe then graph.today() end);
end $$;
create function access.identity_consent(p_id uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  update graph.identity_disclosure x set consented_on = graph.today(), revision = x.revision + 1 from graph.raiser r
   where x.id = p_id and r.issue_id = x.issue_id and r.own_room = any (access.rooms()) and access.opens(x.room_id, false) and x.consented_on is null and x.disclosed_on is null;
  if not found then perform access.refuse(); end if;
end $$;
create function access.identity_disclose(p_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v graph.identity_disclosure; v_raiser graph.raiser; v_into uuid;
begin
  select * into v from graph.identity_disclosure x where x.id = p_id and x.disclosed_on is null for update;
  select r.* into v_raiser from graph.raiser r where r.issue_id = v.issue_id and r.recipient_seat = access.seat() and access.opens(r.room_id, true);
  select s.personal_room into v_into from graph.seat s where s.id = v.to_seat and now() < s.ends_at
    and not access.is_barred(s.person_id, v_raiser.room_id);
  if v_raiser.id is null or v_into is null
     or not (case when v.ground = 'RAISER_CONSENT' then v.consented_on is not null
                  when v.safe_to_tell then v.consented_on is not null or v.notified_on < graph.today()
                  else v.why_not_told <> '' end) then perform access.refuse(); end if;
  perform access.let_in(v_into, v.room_id, false);
  update graph.identity_disclosure x set disclosed_on = graph.today(), display_name = v_raiser.display_name, revision = x.revision + 1 where x.id = p_id;
end $$;

-- The offers that count: each from its own body's joint room, of a trust that the region hears. A seat could write others.
create function access.offers_of(p_spf uuid, p_category text, p_period text) returns setof graph.theme_offer
language sql stable security definer set search_path = '' as $$
  select o.* from graph.theme_offer o join graph.forum f on f.id = o.forum_id and f.organisation_id = o.organisation_id
    join graph.room r on r.id = o.room_id and r.forum_id = f.id and r.purpose = 'JOINT'
   where o.spf_id = p_spf and o.category = p_category and o.period = p_period
     and exists (select from graph.region_member m join graph.forum f on f.id = p_spf and f.organisation_id = m.region_id
       where m.member_id = o.organisation_id and graph.today() >= m.starts_on and graph.today() < m.ends_on) $$;

-- The region sees a theme from so many trusts up, and of fewer, or by name, only those that both their sides signed for.
create function access.theme_count(p_offer uuid, p_theme uuid, p_room uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v graph.theme_offer; v_theme graph.theme; v_all integer; v_named uuid[]; v_least integer; v_shown integer;
begin
  select * into v from graph.theme_offer o where o.id = p_offer and access.opens(o.room_id, true);
  if v.id is null or v.spf_id is distinct from access.region_of(v.forum_id) or v.organisation_id is distinct from
     (select f.organisation_id from graph.forum f where f.id = v.forum_id and v.room_id = access.channel_room(f.id, 'JOINT')) then perform access.refuse(); end if;
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'theme', v.spf_id, v.category, v.period), 0));
  select count(distinct o.organisation_id),
         coalesce(array_agg(distinct o.organisation_id) filter (where 2 = (select count(*) from graph.theme_signature s
           where s.offer_id = o.id and s.forum_id = o.forum_id)), '{}')
    into v_all, v_named from access.offers_of(v.spf_id, v.category, v.period) o;
  select t.trusts into v_least from access.theme_threshold t where t.starts_on <= graph.today() order by t.starts_on desc limit 1;
  v_shown := case when v_all >= coalesce(v_least, 3) then v_all when cardinality(v_named) > 0 then cardinality(v_named) end;
  if v_shown is null then return; end if;
  select * into v_theme from graph.theme t where t.forum_id = v.spf_id and t.category = v.category and t.period = v.period;
  if v_theme.id is null then
    perform access.make_case(p_room);
    perform access.let_in(access.channel_room(v.spf_id, 'JOINT'), p_room, true);
    insert into graph.theme (id, room_id, forum_id, category, period, trusts) values (p_theme, p_room, v.spf_id, v.category, v.period, v_shown)
      returning * into v_theme;
  elsif v_theme.trusts is distinct from v_shown then
    update graph.theme t set trusts = v_shown, revision = t.revision + 1 where t.id = v_theme.id;
  end if;
  insert into graph.theme_trust (theme_id, room_id, organisation_id) select v_theme.id, v_theme.room_id, x from unnest(v_named) x on conflict do nothing;
  perform access.let_in(o.room_id, v_theme.room_id, false) from access.offers_of(v.spf_id, v.category, v.period) o
    where (v_all >= coalesce(v_least, 3) or o.organisation_id = any (v_named));
end $$;
create function access.region_of(p_forum uuid) returns uuid language sql stable security definer set search_path = '' as $$
  select r.forum_id from access.routes_from(p_forum, 'JOINT') r where r.carries = 'THEME' limit 1 $$;

-- What an act of a raiser leaves: by no office but that of raiser, on a day and at no hour, its detail in the raiser's own room.
create function access.trace_own(p_own uuid, p_entry uuid, p_event uuid, p_room uuid, p_event_room uuid, p_act text, p_outcome text, p_code text, p_target uuid,
  p_revision integer, p_event_type text, p_salt text, p_detail text) returns void language plpgsql security definer set search_path = '' as $$
declare v_at timestamptz := access.start_of_today();
begin
  if not exists (select from graph.raiser r where r.own_room = p_own and p_own = any (access.rooms())) then perform access.refuse(); end if;
  perform access.leave_trace(p_own, null, 'NONE', 'RAISER', v_at, p_entry, p_event, p_room, p_event_room, p_act, p_outcome, p_code, p_target, p_revision,
    p_event_type, p_salt, p_detail);
end $$;
create or replace function access.trace(p_entry uuid, p_event uuid, p_room uuid, p_event_room uuid, p_act text, p_outcome text, p_code text, p_target uuid,
  p_revision integer, p_event_type text, p_salt text, p_detail text) returns void language plpgsql security definer set search_path = '' as $$
declare v_seat graph.seat;
begin
  select * into v_seat from graph.seat s where s.id = access.seat();
  if v_seat.id is null then perform access.refuse(); end if;
  perform access.leave_trace(v_seat.personal_room, v_seat.forum_id, v_seat.side, v_seat.office, now(), p_entry, p_event, p_room, p_event_room, p_act, p_outcome,
    p_code, p_target, p_revision, p_event_type, p_salt, p_detail);
end $$;
create function access.start_of_today() returns timestamptz language sql stable set search_path = '' as $$
  select date_trunc('day', now(), 'Europe/London') $$;
create function access.leave_event(p_room uuid, p_event uuid, p_type text, p_target uuid, p_revision integer, p_at timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into graph.room_head (room_id) values (p_room) on conflict do nothing;
  update graph.room_head h set event_sequence = h.event_sequence + 1 where h.room_id = p_room;
  insert into graph.event (id, room_id, sequence, type, target_id, revision, happened_at)
    select p_event, p_room, h.event_sequence, p_type, p_target, p_revision, p_at from graph.room_head h where h.room_id = p_room;
end $$;
create function access.leave_trace(p_own uuid, p_forum uuid, p_side text, p_office text, p_at timestamptz, p_entry uuid, p_event uuid, p_room uuid,
  p_event_room uuid, p_act text, p_outcome text, p_code text, p_target uuid, p_revision integer, p_event_type text, p_salt text, p_detail text) returns void
language plpgsql security definer set search_path = '' as $$
declare v_room uuid := coalesce(p_room, p_own); v_event_room uuid; v_head graph.room_head; v_commitment text; v_hash text;
begin
  v_event_room := coalesce(p_event_room, v_room);
  -- a seat that has just left its room, or barred itself from it, may still leave its own trace there
  if (v_room <> p_own and not access.opens(v_room, false)) or (v_event_room <> v_room and not access.opens(v_event_room, false)) then perform access.refuse(); end if;
  insert into graph.room_head (room_id) select distinct unnest(array[v_room, v_event_room]) on conflict do nothing;
  perform from graph.room_head h where h.room_id in (v_room, v_event_room) order by h.room_id for update;
  select * into v_head from graph.room_head h where h.room_id = v_room;
  v_commitment := encode(sha256(convert_to(p_salt || p_detail, 'UTF8')), 'hex');
  v_hash := access.entry_hash(v_head.audit_hash, v_room, v_head.audit_sequence + 1, p_act, p_outcome, p_code, p_forum, p_side, p_office, p_target, p_at, v_commitment);
  insert into graph.audit_entry (id, room_id, sequence, act, outcome, code, forum_id, side, office, target_id, happened_at, commitment, previous_hash, hash)
    values (p_entry, v_room, v_head.audit_sequence + 1, p_act, p_outcome, p_code, p_forum, p_side, p_office, p_target, p_at, v_commitment, v_head.audit_hash, v_hash);
  insert into graph.audit_detail (entry_id, room_id, salt, detail) values (p_entry, p_own, p_salt, p_detail);
  if p_event is not null then perform access.leave_event(v_event_room, p_event, p_event_type, p_target, p_revision, p_at); end if;
  update graph.room_head h set audit_sequence = h.audit_sequence + 1, audit_hash = v_hash where h.room_id = v_room;
end $$;

-- A sign-in of one's own opens no seat.
create or replace function access.held(p_account uuid) returns setof graph.seat language sql stable security definer set search_path = '' as $$
  select s.* from access.account a join graph.seat s on s.person_id = a.person_id
   where a.id = p_account and a.closed_at > now() and not a.own_only and now() >= s.starts_at and now() < s.ends_at
     and (s.issuer is null or s.issuer = a.issuer) $$;
-- Asked for while one is still here; asking again makes the code before worthless.
create function access.own_sign_in_invite(p_code_hash bytea, p_expires timestamptz) returns void language plpgsql security definer set search_path = '' as $$
begin
  if access.person() is null or access.seat() is null then perform access.refuse(); end if;
  insert into access.own_sign_in_code (person_id, seat_id, issuer, code_hash, expires_at)
    values (access.person(), access.seat(), access.issuer(), p_code_hash, p_expires)
    on conflict (person_id) do update set seat_id = excluded.seat_id, issuer = excluded.issuer, code_hash = excluded.code_hash, expires_at = excluded.expires_at, accepted_at = null;
end $$;
-- Whoever signs in elsewhere with the code is that person, for what they raised and the issuer that they asked through could show. One sign-in is one person's: an account that is
-- known already is refused. Its trace lies with the seat from which the code was asked for.
create function access.own_sign_in_accept(p_code_hash bytea, p_issuer text, p_subject text, p_account uuid, p_made bigint, p_proof text,
  p_entry uuid, p_event uuid, p_salt text, p_detail text) returns uuid language plpgsql security definer set search_path = '' as $$
declare v access.own_sign_in_code; v_seat graph.seat;
begin
  perform access.check_proof(concat_ws('|', 'accept', access.text_digest(p_issuer), access.text_digest(p_subject), pg_backend_pid(), p_made), p_made, p_proof);
  perform pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'account', p_issuer, p_subject), 0));
  select * into v from access.own_sign_in_code c where c.code_hash = p_code_hash for update;
  if v.person_id is null or v.accepted_at is not null or v.expires_at <= now()
     or exists (select from access.account a where a.issuer = p_issuer and a.subject = p_subject) then perform access.refuse(); end if;
  insert into access.account (id, issuer, subject, person_id, own_only, vouched_by) values (p_account, p_issuer, p_subject, v.person_id, true, v.issuer);
  update access.own_sign_in_code c set accepted_at = now() where c.person_id = v.person_id;
  select * into v_seat from graph.seat s where s.id = v.seat_id;
  perform access.leave_trace(v_seat.personal_room, v_seat.forum_id, v_seat.side, v_seat.office, now(), p_entry, p_event, null, null,
    'OWN_SIGN_IN_ACCEPT', 'DONE', null, null, null, 'ownSignIn.accepted', p_salt, p_detail);
  return p_account;
end $$;

-- As in 0001, but for the rooms of issues, steps and themes: these are opened by consent, and by nothing else.
create function access.is_of_an_issue(p_room uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from graph.issue i where i.room_id = p_room)
      or exists (select from graph.raiser r where p_room in (r.room_id, r.own_room))
      or exists (select from graph.escalation_step s where p_room in (s.room_id, s.content_room))
      or exists (select from graph.identity_disclosure d where d.room_id = p_room)
      or exists (select from graph.theme t where t.room_id = p_room) $$;
create or replace function access.admit(p_into uuid, p_forum uuid, p_purpose text, p_may_write boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare v_from uuid;
begin
  select r.id into v_from from graph.forum f join graph.room r on r.forum_id = f.id and r.purpose = p_purpose
   where f.id = p_forum and access.opens(f.room_id, false);
  if v_from is null or not access.opens(p_into, true)
     or not exists (select from graph.room r where r.id = p_into and r.purpose = 'CASE') or access.is_of_an_issue(p_into) then
    perform access.refuse();
  end if;
  insert into graph.door (from_room, into_room, may_write) values (v_from, p_into, p_may_write)
    on conflict (into_room, from_room) do update set may_write = graph.door.may_write or excluded.may_write;
end $$;

revoke all on all functions in schema access from public;
grant execute on function access.is_closed, access.issue_raise, access.recipient_choose, access.routes_from, access.step_open, access.consent_give, access.consent_withdraw,
  access.step_ended, access.handover_take, access.interest_declare, access.disclosure_open, access.identity_consent, access.identity_disclose,
  access.theme_count, access.trace_own, access.own_sign_in_invite, access.own_sign_in_accept to partnership_app;

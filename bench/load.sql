-- What the demo does not have enough of: consultations with five bodies' responses, dealt out evenly over the trusts'
-- joint negotiating committees. Run as the superuser, in one transaction, after the settings that it reads.
-- Ids follow from words, so that two runs agree. Every row is one that an act of the service could have left.
set local session_replication_role = replica; -- no foreign key is asked again: ids are made from the same words
set local work_mem = '256MB';
set local timezone = 'UTC';

create function pg_temp.id(variadic words text[]) returns uuid language sql immutable as $$ select md5(array_to_string(words, '/'))::uuid $$;

-- Like the service's own ids of version 7: in the order of time.
create function pg_temp.timed(g bigint, variadic words text[]) returns uuid language sql immutable as $$
  select (lpad(to_hex(g), 12, '0') || substr(md5(array_to_string(words, '/')), 13))::uuid $$;

-- Invented trusts beside the demo's eleven, each with its committee and five networks.
create temp table trust on commit drop as
  select pg_temp.id('trust', n::text) as id, n, 'ZZ' || lpad(n::text, 4, '0') as ods_code
    from generate_series(1, current_setting('bench.trusts')::int - (select count(*)::int from graph.organisation where kind = 'TRUST' and closed_on is null)) n;
create temp table body on commit drop as
  select pg_temp.id('forum', t.n::text, k::text) as id, t.id as organisation_id, k,
         case when k = 0 then 'JOINT_NEGOTIATING_COMMITTEE' else 'STAFF_NETWORK' end as kind,
         case when k = 0 then 'Joint Negotiating Committee' else 'Network ' || k end as name
    from trust t cross join generate_series(0, 5) k;
create temp table own_room on commit drop as
  select pg_temp.id('room', t.id::text, p) as id, p as purpose, t.id as organisation_id, null::uuid as forum_id
    from trust t cross join unnest(array['ORGANISATION', 'WORKFORCE']) p
  union all
  select pg_temp.id('room', b.id::text, p), p, null, b.id
    from body b cross join lateral unnest(case when b.k = 0 then array['JOINT', 'MANAGEMENT_SIDE', 'STAFF_SIDE'] else array['MEMBERS', 'OFFICERS'] end) p;
insert into graph.organisation (id, ods_code, kind, name, trust_type) select id, ods_code, 'TRUST', 'Invented Trust ' || n, 'acute' from trust;
insert into graph.room (id, purpose, organisation_id, forum_id) select id, purpose, organisation_id, forum_id from own_room;
insert into graph.door (from_room, into_room, may_write) select id, id, true from own_room;
insert into graph.forum (id, room_id, organisation_id, kind, local_name)
  select id, pg_temp.id('room', organisation_id::text, 'ORGANISATION'), organisation_id, kind, name from body;
insert into graph.forum_organisation (forum_id, room_id, organisation_id)
  select id, pg_temp.id('room', organisation_id::text, 'ORGANISATION'), organisation_id from body;
insert into graph.terms_of_reference (id, room_id, forum_id, starts_on, quorum, meets)
  select pg_temp.id('terms', id::text), pg_temp.id('room', organisation_id::text, 'ORGANISATION'), id, date '2024-01-01', 'A half', 'monthly' from body;

-- Each committee with its rooms, and the five bodies that it consults with theirs.
create temp table committee on commit drop as
  select row_number() over (order by f.organisation_id = current_setting('bench.first')::uuid desc, f.id) - 1 as n, f.id, f.room_id, f.organisation_id,
         (select r.id from graph.room r where r.forum_id = f.id and r.purpose = 'JOINT') as joint_room,
         (select r.id from graph.room r where r.forum_id = f.id and r.purpose = 'MANAGEMENT_SIDE') as management_room
    from graph.forum f where f.kind = 'JOINT_NEGOTIATING_COMMITTEE';
create temp table asked on commit drop as
  select * from (
    select c.n, row_number() over (partition by c.n order by f.local_name, f.id) as k, f.id, f.room_id,
           (select r.id from graph.room r where r.forum_id = f.id and r.purpose = 'MEMBERS') as members_room,
           (select r.id from graph.room r where r.forum_id = f.id and r.purpose = 'OFFICERS') as officers_room
      from committee c join graph.forum f on f.organisation_id = c.organisation_id and f.kind = 'STAFF_NETWORK') found
   where k <= 5;

-- The consultations, oldest first, and older than any of the demo's; one in ten was agreed, the others are open.
create temp table given on commit drop as
  select pg_temp.timed(g, 'consultation', g::text) as id, pg_temp.timed(g, 'papers', g::text) as papers, pg_temp.timed(g, 'case', g::text) as deliberation, g,
         c.n, c.id as forum_id, c.room_id as forum_room, c.joint_room, c.management_room,
         date_trunc('day', now()) - interval '600 days' + make_interval(secs => floor(g * 40e6 / current_setting('bench.consultations')::int)) as at
    from generate_series(1, current_setting('bench.consultations')::int) g
    join committee c on c.n = (g - 1) % (select count(*) from committee)
   order by g;
create temp table engaged on commit drop as
  select pg_temp.timed(g.g, 'consultee', g.g::text, a.k::text) as id, pg_temp.timed(g.g, 'engagement', g.g::text, a.k::text) as room,
         pg_temp.timed(g.g, 'response', g.g::text, a.k::text) as response, g.id as consultation_id, g.papers, g.g, a.k, g.joint_room,
         a.id as forum_id, a.room_id as forum_room, a.members_room, a.officers_room, g.at + make_interval(days => a.k::int) as at
    from given g join asked a on a.n = g.n
   order by g.g, a.k;
analyze given;
analyze engaged;

insert into graph.room (id, purpose, created_at)
  select papers, 'CASE', at from given union all select deliberation, 'CASE', at from given union all select room, 'CASE', at from engaged;
insert into graph.door (from_room, into_room, may_write)
  select r.a, r.b, true from given g cross join lateral (values (g.papers, g.papers), (g.deliberation, g.deliberation), (g.management_room, g.papers),
      (g.management_room, g.deliberation), (g.joint_room, g.papers), (g.joint_room, g.deliberation)) r (a, b)
  union all
  select r.a, r.b, r.w from engaged e cross join lateral (values (e.room, e.room, true), (e.joint_room, e.room, true), (e.members_room, e.room, false),
      (e.officers_room, e.room, true), (e.members_room, e.papers, false), (e.officers_room, e.papers, false)) r (a, b, w);
insert into graph.consultation (id, room_id, case_room, forum_id, forum_room, kind, title, summary, stored_state, revision, drafted_by_side,
    drafted_by_office, opened_at, closes_at, concluded_at, conclusion, created_at)
  select id, papers, deliberation, forum_id, forum_room, 'POLICY', 'Flexible working, revision ' || g,
         'A demonstration, invented throughout: what changes in the policy, and what the bodies consulted are asked to say about it.',
         case when g % 10 = 9 then 'CONCLUDED' else 'OPEN' end, 5, 'MANAGEMENT', 'SECRETARY', at + interval '1 hour',
         case when g % 10 = 9 then at + interval '60 days' else date_trunc('day', now()) + interval '60 days' end,
         case when g % 10 = 9 then at + interval '90 days' end, case when g % 10 = 9 then 'AGREED' end, at
    from given;
insert into graph.policy_version (id, room_id, consultation_id, number, title, body, content_hash, made_by_side, made_by_office, created_at)
  select pg_temp.timed(g, 'version', g::text), papers, id, 1, 'Flexible working', '# Flexible working' || chr(10) || chr(10) || 'Everybody may ask.',
         encode(sha256(g::text::bytea), 'hex'), 'MANAGEMENT', 'SECRETARY', at
    from given;
insert into graph.clause (id, room_id, policy_version_id, address, heading, body, position)
  select pg_temp.timed(g, 'clause', g::text), papers, pg_temp.timed(g, 'version', g::text), '1', 'Flexible working', 'Everybody may ask.', 1 from given;
insert into graph.consultee (id, room_id, consultation_id, consultation_room, forum_id, forum_room, reach, added_by_side, responded_at, revision, created_at)
  select id, room, consultation_id, papers, forum_id, forum_room, 'JOINT', 'MANAGEMENT', at, 2, at from engaged;
insert into graph.response (id, room_id, consultee_id, consultation_id, forum_id, stance, summary, late, side, office, submitted_at, created_at)
  select response, room, id, consultation_id, forum_id, 'SUPPORT_WITH_CHANGES',
         'Members welcome the direction. They ask that requests are answered within two weeks, that a refusal gives its reason in writing, and that'
         || ' carers and night staff are heard before rotas change. (' || g || '.' || k || ')',
         false, 'NETWORK', 'CHAIR', at, at
    from engaged;
insert into graph.response_point (id, room_id, response_id, consultation_id, position, body, created_at)
  select pg_temp.timed(e.g, 'point', e.response::text, p::text), e.room, e.response, e.consultation_id, p, 'Answer within two weeks, and say why not. (' || p || ')', e.at
    from engaged e cross join lateral generate_series(1, 1 + e.k % 2) p;

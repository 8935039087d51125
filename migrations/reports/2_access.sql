-- What reports need beyond a case of one's own: publication, and the region's releases. Run as partnership_access.

-- Publishes one version: opens it, and that the report is there, to the trust's directory; and to the forum of its region
-- where every metric of the definition is one that the trust itself makes public. Only whoever reported, of an acknowledged
-- version; a national body's own system publishes without, as what it reports is public already (results of a national survey).
create function access.report_publish(p_version uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v graph.report_version; r graph.report; v_seat graph.seat; v_region boolean; v_national boolean;
begin
  select * into v from graph.report_version e where e.id = p_version and access.opens(e.room_id, true);
  select * into r from graph.report e where e.id = v.report_id and e.room_id = v.report_room;
  select * into v_seat from graph.seat s where s.id = access.seat();
  select d.opens_to_region into v_region from graph.report_definition d where d.id = r.definition_id;
  v_national := coalesce(v_region, false) and v_seat.forum_id is null and v_seat.office = 'SERVICE' and r.reported_by = v_seat.organisation_id
    and exists (select from graph.organisation o where o.id = v_seat.organisation_id and o.kind = 'NATIONAL');
  if v.id is null or r.id is null or v_seat.id is null or r.reported_by <> v_seat.organisation_id
     or r.forum_id is distinct from v_seat.forum_id
     or not (v_national or (r.organisation_id = v_seat.organisation_id
       and exists (select from graph.report_answer a where a.version_id = v.id and a.kind = 'ACKNOWLEDGED'))) then
    perform access.refuse();
  end if;
  insert into graph.report_publication (version_id, room_id) values (v.id, v.room_id);
  insert into graph.door (from_room, into_room, may_write)
    select o.id, own.id, false
      from (select v.room_id as id union select r.room_id) own
      cross join (
        select e.id from graph.room e where e.organisation_id = r.organisation_id and e.forum_id is null and e.purpose = 'ORGANISATION'
        union
        select e.id from graph.region_member m join graph.forum f on f.organisation_id = m.region_id and f.kind = 'REGIONAL_SOCIAL_PARTNERSHIP_FORUM'
          join graph.room e on e.forum_id = f.id and e.purpose = 'JOINT'
         where v_region and m.member_id = r.organisation_id and current_date >= m.starts_on and current_date < m.ends_on) o
    on conflict do nothing;
end $$;

-- Whether the caller holds the joint room of this regional forum; its room, else null.
create function access.regional_room(p_forum uuid) returns uuid language sql stable security definer set search_path = '' as $$
  select e.id from graph.forum f join graph.room e on e.forum_id = f.id and e.purpose = 'JOINT'
   where f.id = p_forum and f.kind = 'REGIONAL_SOCIAL_PARTNERSHIP_FORUM' and e.id = any (access.rooms()) $$;

-- What a release of one kind of report is made of: of each published report its latest version, of the region's trusts, and of
-- those beyond what a national body published; and what its forum's earlier releases were made of. For the service alone, which
-- shows none of it: the proof is bound to the forum, this backend and this moment, so that no SQL by a member of the forum
-- reads a raw count.
create function access.release_source(p_forum uuid, p_code text, p_made bigint, p_proof text)
returns table (version_id uuid, ods_code text, trust_type text, icb text, region text, is_member boolean, definition_id uuid, starts_on date, ends_on date,
  reported_by text, published_at timestamptz, is_latest boolean, metric_id uuid, group_code text, band_code text, value numeric, numerator numeric,
  denominator numeric, base numeric, text_value text, estimated boolean, forum_id uuid)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'release', p_forum, p_code, pg_backend_pid(), p_made), p_made, p_proof);
  if access.regional_room(p_forum) is null then perform access.refuse(); end if;
  return query
    select v.id, o.ods_code, coalesce(o.trust_type, ''), coalesce(i.ods_code, ''), coalesce(n.ods_code, n.name, ''), m.member_id is not null, r.definition_id,
           r.starts_on, r.ends_on, b.name, p.published_at,
           not exists (select from graph.report_version l join graph.report_publication q on q.version_id = l.id
                        where l.report_id = r.id and l.number > v.number),
           g.metric_id, g.group_code, g.band_code, g.value, g.numerator, g.denominator, g.base, g.text_value, g.estimated, r.forum_id
      from graph.forum f
      join graph.report_definition d on d.code = p_code
      join graph.report r on r.definition_id = d.id
      join graph.organisation o on o.id = r.organisation_id and o.ods_code is not null
      join graph.organisation b on b.id = r.reported_by
      left join graph.organisation i on i.id = o.parent_id and i.kind = 'ICB'
      left join graph.organisation n on n.id = coalesce(i.parent_id, o.parent_id) and n.kind = 'REGION'
      left join graph.region_member m on m.region_id = f.organisation_id and m.member_id = o.id
       and current_date >= m.starts_on and current_date < m.ends_on
      join graph.report_version v on v.report_id = r.id
      join graph.report_publication p on p.version_id = v.id
      join graph.report_figure g on g.version_id = v.id
     where f.id = p_forum and (m.member_id is not null or b.kind = 'NATIONAL');
end $$;
create function access.release_history(p_forum uuid, p_code text, p_made bigint, p_proof text)
returns table (number integer, version_id uuid, place jsonb) language plpgsql stable security definer set search_path = '' as $$
begin
  perform access.check_proof(concat_ws('|', 'release', p_forum, p_code, pg_backend_pid(), p_made), p_made, p_proof);
  if access.regional_room(p_forum) is null then perform access.refuse(); end if;
  return query
    select e.number, t.version_id, t.place from graph.release e join graph.report_definition d on d.id = e.definition_id and d.code = p_code
      join access.release_taken t on t.release_id = e.id where e.forum_id = p_forum order by e.number, t.version_id;
end $$;

-- Freezes one release: a room of its own that opens, for reading, to the forum, to its region's directory, and to the directory
-- of every trust that contributed. The proof is over the very content, so that nothing but what the service worked out under
-- the disclosure rule can ever be published.
create function access.release_freeze(p_release uuid, p_room uuid, p_forum uuid, p_content text, p_made bigint, p_proof text) returns integer
language plpgsql security definer set search_path = '' as $$
declare v_joint uuid; v_entry uuid; v_number integer; v jsonb := p_content::jsonb;
begin
  perform access.check_proof(concat_ws('|', 'freeze', p_release, p_room, p_forum, access.text_digest(p_content), pg_backend_pid(), p_made), p_made, p_proof);
  v_joint := access.regional_room(p_forum);
  if v_joint is null then perform access.refuse(); end if;
  select f.room_id into v_entry from graph.forum f where f.id = p_forum;
  -- two that were worked out from the same history would be compared with neither: one of them is worked out again
  select coalesce(max(e.number), 0) + 1 into v_number from graph.release e
    join graph.report_definition d on d.id = e.definition_id and d.code = v ->> 'code' where e.forum_id = p_forum;
  if v_number <> (v ->> 'number')::integer then raise exception 'worked out from another history' using errcode = '40001'; end if;
  insert into graph.room (id, purpose) values (p_room, 'CASE');
  insert into graph.release (id, room_id, forum_id, forum_room, definition_id, number, frozen_on, method, rule, content_hash, contributors)
    values (p_release, p_room, p_forum, v_entry, (v ->> 'definition')::uuid, v_number, (v ->> 'frozen_on')::date, v ->> 'method', v -> 'rule',
      access.text_digest((v -> 'cells')::text), (v ->> 'contributors')::integer);
  insert into access.release_taken (release_id, version_id, place)
    select p_release, x.version, x.place from jsonb_to_recordset(v -> 'taken') as x(version uuid, place jsonb);
  insert into graph.release_contributor (release_id, room_id, organisation_id)
    select distinct p_release, p_room, r.organisation_id from access.release_taken t join graph.report_version e on e.id = t.version_id
      join graph.report r on r.id = e.report_id join graph.forum f on f.id = p_forum
      join graph.region_member m on m.region_id = f.organisation_id and m.member_id = r.organisation_id where t.release_id = p_release;
  insert into graph.release_cell (release_id, room_id, position, metric_id, starts_on, ends_on, group_code, band_code, dimension, member,
      value, numerator, denominator, base, status, source, reporters, expected, computed_in, reasons)
    select p_release, p_room, c.ordinality::integer, x.metric, x.starts_on, x.ends_on, x.group_code, x.band_code, x.dimension, x.member, x.value,
           x.numerator, x.denominator, x.base, x.status, x.source, x.reporters, x.expected, x.computed_in, x.reasons
      from jsonb_array_elements(v -> 'cells') with ordinality c
      cross join lateral jsonb_to_record(c.value) as x(metric uuid, starts_on date, ends_on date, group_code text, band_code text, dimension text, member text,
        value numeric, numerator numeric, denominator numeric, base numeric, status text, source text, reporters integer, expected integer,
        computed_in integer, reasons text[]);
  insert into graph.door (from_room, into_room, may_write)
    select p_room, p_room, true
    union select v_joint, p_room, false
    union select e.id, p_room, false from graph.forum_organisation s join graph.room e on e.organisation_id = s.organisation_id
            and e.forum_id is null and e.purpose = 'REGION' where s.forum_id = p_forum
    union select e.id, p_room, false from graph.release_contributor s join graph.room e on e.organisation_id = s.organisation_id
            and e.forum_id is null and e.purpose = 'ORGANISATION' where s.release_id = p_release;
  return v_number;
end $$;

revoke all on function access.report_publish, access.regional_room, access.release_source, access.release_history, access.release_freeze from public;
grant execute on function access.report_publish, access.release_source, access.release_history, access.release_freeze to partnership_app;

-- Which tables the feed follows, and what stands already. Run as partnership_owner; what stands is read as partnership_migrator.
create function pg_temp.followed() returns table (t text, node text, id_column text, room_column text) language sql as $$
  -- things of their own
  select t, t, 'id', 'room_id' from unnest(array['forum', 'terms_of_reference', 'seat', 'membership_request', 'invitation', 'consultation',
    'policy_version', 'clause', 'impact_assessment', 'consultation_plan', 'extension', 'disagreement', 'consultee', 'comment', 'response_draft',
    'response', 'response_point', 'outcome', 'report', 'report_draft', 'report_version', 'report_import', 'release', 'signpost', 'issue',
    'escalation_step', 'step_note', 'agenda_item', 'issue_notice', 'identity_disclosure', 'theme_offer', 'theme', 'audit_entry']) as own(t)
  union all
  -- parts of a thing, and a thing in one more room
  select v.* from (values
    -- whoever holds a seat or asked to join sees it, wherever it lies
    ('seat', 'seat', 'id', 'person_id'),
    ('membership_request', 'membership_request', 'id', 'person_id'),
    -- what one may see only where one more room is open
    ('consultee', 'consultee', 'id', 'consultation_room'),
    ('step_note', 'step_note', 'id', 'step_room'),
    ('agenda_item', 'agenda_item', 'id', 'step_room'),
    ('forum_organisation', 'forum', 'forum_id', 'room_id'),
    ('plan_consultee', 'consultation_plan', 'plan_id', 'room_id'),
    ('missing_signature', 'consultation_plan', 'plan_id', 'room_id'),
    ('signature', 'consultation_plan', 'plan_id', 'room_id'),
    ('signature', 'extension', 'extension_id', 'room_id'),
    ('signature', 'policy_version', 'policy_version_id', 'room_id'),
    ('comment_author', 'comment', 'comment_id', 'room_id'),
    ('minority_view', 'response', 'response_id', 'room_id'),
    ('report_key', 'report', 'report_id', 'room_id'),
    ('report_sign_off', 'report_draft', 'draft_id', 'room_id'),
    ('report_figure', 'report_version', 'version_id', 'room_id'),
    ('report_receiver', 'report_version', 'version_id', 'room_id'),
    ('report_answer', 'report_version', 'version_id', 'room_id'),
    ('report_publication', 'report_version', 'version_id', 'room_id'),
    ('release_cell', 'release', 'release_id', 'room_id'),
    ('release_contributor', 'release', 'release_id', 'room_id'),
    ('raiser', 'issue', 'issue_id', 'room_id'),
    ('raiser', 'issue', 'issue_id', 'own_room'),
    ('issue_message', 'issue', 'issue_id', 'room_id'),
    ('step_trail', 'issue', 'issue_id', 'room_id'),
    ('step_trail', 'escalation_step', 'step_id', 'room_id'),
    ('step_trail', 'escalation_step', 'previous_id', 'room_id'),
    ('step_summary', 'escalation_step', 'step_id', 'room_id'),
    ('consent', 'escalation_step', 'step_id', 'room_id'),
    ('step_message', 'escalation_step', 'step_id', 'room_id'),
    ('theme_signature', 'theme_offer', 'offer_id', 'room_id'),
    ('theme_trust', 'theme', 'theme_id', 'room_id'),
    ('theme_answer', 'theme', 'theme_id', 'room_id'),
    ('audit_detail', 'audit_entry', 'entry_id', 'room_id')) as v $$;

create function pg_temp.follow(t text, event text, told text) returns void language plpgsql as $$
begin
  execute format('create trigger follow_%s_%s after %s on graph.%I referencing new table as fresh for each statement execute function access.%s',
    event, (select count(*) from pg_trigger g where g.tgrelid = format('graph.%I', t)::regclass and not g.tgisinternal), event, t, told);
end $$;

do $$ declare r record; e text; begin
  foreach e in array array['insert', 'update'] loop
    for r in select * from pg_temp.followed() loop
      perform pg_temp.follow(r.t, e, case when r.node = r.t and r.id_column = 'id' and r.room_column = 'room_id' then format('follow_rows(%L)', r.node)
        else format('follow_parts(%L, %L, %L)', r.node, r.id_column, r.room_column) end);
    end loop;
    perform pg_temp.follow('door', e, 'follow_doors()');
  end loop;
  perform pg_temp.follow('person', 'update', 'follow_persons()'), pg_temp.follow('bar', 'insert', 'follow_bars()');
end $$;

set local role partnership_migrator;
do $$ declare r record; begin
  for r in select * from pg_temp.followed() loop
    execute format('insert into access.change (room_id, node, id, home) select distinct f.%2$I, %3$L, f.%4$I, %5$s from graph.%1$I f'
      ' where f.%2$I is not null and f.%4$I is not null on conflict do nothing', r.t, r.room_column, r.node, r.id_column, case when r.t = r.node then 'f.room_id' else 'null::uuid' end);
  end loop;
end $$;
set local role partnership_owner;

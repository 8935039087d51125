-- The walls. Nobody but PostgreSQL's own superuser bypasses a policy: each role has a keeper policy for just what it needs.
do $$ declare t text; begin
  foreach t in array array['graph.organisation', 'graph.organisation_succession', 'graph.room', 'graph.forum', 'graph.forum_organisation',
      'graph.terms_of_reference', 'graph.person', 'graph.seat', 'graph.door', 'graph.bar', 'graph.membership_request', 'graph.invitation',
      'access.account', 'access.secret', 'access.office',
      'graph.consultation', 'graph.policy_version', 'graph.clause', 'graph.impact_assessment', 'graph.consultation_plan', 'graph.plan_consultee',
      'graph.missing_signature', 'graph.extension', 'graph.signature', 'graph.disagreement', 'graph.consultee', 'graph.comment',
      'graph.comment_author', 'graph.response_draft', 'graph.response', 'graph.response_point', 'graph.minority_view', 'graph.outcome',
      'graph.room_head', 'graph.audit_entry', 'graph.audit_detail', 'graph.event', 'graph.idempotency'] loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy keeper_migrator on %s to partnership_migrator using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %s to partnership_migrator', t);
  end loop;
  -- what the definer functions read and write
  foreach t in array array['graph.organisation', 'graph.room', 'graph.forum', 'graph.forum_organisation', 'graph.terms_of_reference', 'graph.person',
      'graph.seat', 'graph.door', 'graph.bar', 'graph.membership_request', 'graph.invitation', 'access.account', 'access.secret', 'access.office',
      'graph.room_head', 'graph.audit_entry', 'graph.audit_detail', 'graph.event'] loop
    execute format('create policy keeper_access on %s to partnership_access using (true) with check (true)', t);
    execute format('grant select on %s to partnership_access', t);
  end loop;
end $$;
-- ... and the rooms of one consultation, that recusal closes
create policy keeper_access on graph.consultation for select to partnership_access using (true);
create policy keeper_access on graph.consultee for select to partnership_access using (true);
grant select (id, room_id, case_room) on graph.consultation to partnership_access;
grant select (consultation_id, room_id) on graph.consultee to partnership_access;
grant insert on graph.room, graph.door, graph.seat, graph.bar, graph.person, graph.membership_request, graph.invitation, graph.room_head, graph.audit_entry,
  graph.audit_detail, graph.event, access.account to partnership_access;
grant update (may_write, closes_at) on graph.door to partnership_access;
grant update (ends_at) on graph.seat to partnership_access;
grant update (state, decided_at) on graph.membership_request to partnership_access;
grant update (accepted_at) on graph.invitation to partnership_access;
grant update (audit_sequence, audit_hash, event_sequence) on graph.room_head to partnership_access;

create policy keeper_auditor on graph.audit_entry for select to partnership_auditor using (true);
create policy keeper_auditor on graph.room_head for select to partnership_auditor using (true);
grant select on graph.audit_entry, graph.room_head to partnership_auditor;
create policy keeper_relay on graph.event for select to partnership_relay using (true);
grant select on graph.event to partnership_relay;
create policy keeper_scheduler on graph.idempotency for delete to partnership_scheduler using (created_at < now() - interval '7 days');
create policy keeper_scheduler_read on graph.idempotency for select to partnership_scheduler using (created_at < now() - interval '7 days');
grant select (key, created_at), delete on graph.idempotency to partnership_scheduler;

-- Reference data, public to whoever has signed in.
create policy public_reference on graph.organisation for select to partnership_app using (true);
create policy public_reference on graph.organisation_succession for select to partnership_app using (true);
create policy public_reference on access.office for select to partnership_app using (true);
grant select on graph.organisation, graph.organisation_succession, access.office to partnership_app;

-- The keystone: only doors that start from a room of one's own, lead nowhere one is barred from, and are open now.
create policy mine on graph.door for select to partnership_app
  using (from_room = any ((select access.rooms())::uuid[]) and into_room <> all ((select access.barred())::uuid[]) and now() >= opens_at and now() < closes_at);
grant select on graph.door to partnership_app;

create policy open on graph.room for select to partnership_app using (exists (select from graph.door d where d.into_room = room.id));
create policy open on graph.seat for select to partnership_app
  using ((person_id = (select access.person()) and (issuer is null or issuer = (select access.issuer()))) or exists (select from graph.door d where d.into_room = seat.room_id));
create policy open on graph.person for select to partnership_app
  using (id = (select access.person()) or exists (select from graph.seat s where s.person_id = person.id));
create policy open on graph.membership_request for select to partnership_app
  using (person_id = (select access.person()) or exists (select from graph.door d where d.into_room = membership_request.room_id));
-- a bar without a reason was declared from a body consulted, or bars from another room than the deliberation: nobody's to read
create policy open on graph.bar for select to partnership_app
  using (reason <> '' and exists (select from graph.door d where d.into_room = bar.room_id and d.may_write));
do $$ declare t text; begin
  foreach t in array array['forum', 'forum_organisation', 'terms_of_reference', 'invitation', 'audit_entry', 'audit_detail', 'event'] loop
    execute format('create policy open on graph.%1$I for select to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id))', t);
  end loop;
  -- the same question of every table that acts write: is there a door for me into the row's room, and may I write there?
  foreach t in array array['consultation', 'policy_version', 'clause', 'impact_assessment', 'consultation_plan', 'plan_consultee', 'missing_signature',
      'extension', 'signature', 'disagreement', 'consultee', 'comment', 'comment_author', 'response_draft', 'response', 'response_point',
      'minority_view', 'outcome', 'idempotency'] loop
    execute format('create policy open on graph.%1$I for select to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id))', t);
    execute format('create policy open_insert on graph.%1$I for insert to partnership_app with check (exists (select from graph.door d where d.into_room = %1$I.room_id and d.may_write))', t);
    execute format('grant select, insert on graph.%I to partnership_app', t);
  end loop;
  -- what acts change in place; the rest is written once
  foreach t in array array['consultation', 'consultation_plan', 'extension', 'consultee', 'comment', 'response_draft', 'outcome'] loop
    execute format('create policy open_update on graph.%1$I for update to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id and d.may_write))', t);
  end loop;
end $$;
grant select on graph.room, graph.seat, graph.person, graph.membership_request, graph.bar, graph.forum, graph.forum_organisation, graph.terms_of_reference,
  graph.audit_entry, graph.audit_detail, graph.event to partnership_app;
grant select (id, room_id, forum_id, side, office, union_id, expires_at, accepted_at, created_at) on graph.invitation to partnership_app;

grant update (title, summary, stored_state, revision, opened_at, closes_at, concluded_at, conclusion, final_version_id, ratified_on, effective_on, review_on,
  withdrawn_at, withdrawn_reason) on graph.consultation to partnership_app;
grant update (state) on graph.consultation_plan, graph.extension to partnership_app;
grant update (reach, shared_as, extended_to, extension_reason, responded_at, late_decision, late_reason, revision) on graph.consultee to partnership_app;
grant update (withdrawn, body, author_name, office) on graph.comment to partnership_app;
grant update (stance, summary, points, minority_views, revision, updated_at) on graph.response_draft to partnership_app;
grant update (decision, reason, changed_clause_id, changed_clause_room, side, office, revision) on graph.outcome to partnership_app;

-- A reference across rooms needs the other room open too, so that a foreign key is no oracle.
do $$ declare r record; begin
  for r in select * from (values ('consultation', 'forum_room'), ('consultation', 'case_room'), ('consultation_plan', 'consultation_room'), ('plan_consultee', 'forum_room'),
      ('extension', 'consultation_room'), ('disagreement', 'consultation_room'), ('consultee', 'consultation_room'), ('consultee', 'forum_room'),
      ('comment', 'consultation_room'), ('comment_author', 'comment_room'), ('response_draft', 'consultee_room'), ('response_point', 'clause_room'),
      ('outcome', 'changed_clause_room')) as v(t, c) loop
    execute format('create policy target_%2$s on graph.%1$I as restrictive for insert to partnership_app with check (%1$I.%2$I is null or exists (select from graph.door d where d.into_room = %1$I.%2$I))', r.t, r.c);
  end loop;
end $$;
-- Nobody speaks for another: what is signed, answered or stated carries the acting seat's own body, side and office.
do $$ declare t text; begin
  foreach t in array array['signature', 'response'] loop
    execute format('create policy own_voice on graph.%1$I as restrictive for insert to partnership_app with check (exists (select from graph.seat s where s.id = (select access.seat()) and s.forum_id = %1$I.forum_id and s.side = %1$I.side and s.office = %1$I.office))', t);
  end loop;
  foreach t in array array['disagreement', 'outcome'] loop
    execute format('create policy own_voice on graph.%1$I as restrictive for insert to partnership_app with check (exists (select from graph.seat s where s.id = (select access.seat()) and s.side = %1$I.side and s.office = %1$I.office))', t);
  end loop;
end $$;
create policy own_voice_update on graph.outcome as restrictive for update to partnership_app using (true)
  with check (exists (select from graph.seat s where s.id = (select access.seat()) and s.side = outcome.side and s.office = outcome.office));
create policy own_comment on graph.comment as restrictive for update to partnership_app
  using (exists (select from graph.comment_author a where a.comment_id = comment.id));
create policy target_changed_clause_room_update on graph.outcome as restrictive for update to partnership_app using (true)
  with check (changed_clause_room is null or exists (select from graph.door d where d.into_room = outcome.changed_clause_room));

-- Feeds by room, and by time.
do $$ declare t text; begin
  foreach t in array array['consultation', 'policy_version', 'impact_assessment', 'consultation_plan', 'extension', 'consultee', 'comment', 'response',
      'response_point'] loop
    execute format('create index on graph.%I (room_id, created_at, id)', t);
    execute format('create index on graph.%I (created_at, id)', t);
  end loop;
end $$;
create index on graph.audit_entry (room_id, happened_at, id);
create index on graph.audit_detail (room_id);
create index on graph.comment_author (room_id);
create index on graph.idempotency (room_id);

-- The walls around issues and steps. Run as partnership_owner.
do $$ declare t text; begin
  foreach t in array array['access.route', 'access.theme_threshold', 'access.own_sign_in_code', 'graph.signpost', 'graph.issue', 'graph.raiser', 'graph.issue_message',
      'graph.escalation_step', 'graph.step_trail', 'graph.step_summary', 'graph.consent', 'graph.step_message', 'graph.step_note', 'graph.agenda_item',
      'graph.issue_notice', 'graph.bar_office', 'graph.identity_disclosure', 'graph.theme_offer', 'graph.theme_signature',
      'graph.theme', 'graph.theme_trust', 'graph.theme_answer'] loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy keeper_migrator on %s to partnership_migrator using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %s to partnership_migrator', t);
  end loop;
  -- what the definer functions read and write
  foreach t in array array['access.route', 'access.theme_threshold', 'access.own_sign_in_code', 'graph.issue', 'graph.raiser', 'graph.issue_message', 'graph.escalation_step',
      'graph.step_trail', 'graph.step_summary', 'graph.consent', 'graph.step_message', 'graph.issue_notice', 'graph.bar_office',
      'graph.identity_disclosure', 'graph.theme_offer', 'graph.theme_signature', 'graph.theme', 'graph.theme_trust'] loop
    execute format('create policy keeper_access on %s to partnership_access using (true) with check (true)', t);
    execute format('grant select on %s to partnership_access', t);
  end loop;
end $$;
grant insert on graph.issue, graph.raiser, graph.escalation_step, graph.step_trail, graph.step_summary, graph.consent, graph.issue_notice, graph.bar_office,
  graph.identity_disclosure, graph.theme, graph.theme_trust to partnership_access;
grant insert, update on access.own_sign_in_code to partnership_access;
grant update (recipient_seat) on graph.raiser to partnership_access;
grant update (body, effect_sought, state, ended_on, receipt, revision) on graph.issue to partnership_access;
grant update (body) on graph.issue_message, graph.step_message to partnership_access;
grant update (state, dated_on, sent_on, acknowledge_by, answer_by, ended_on, reason, consent_withdrawn_on, revision) on graph.escalation_step to partnership_access;
grant update (notice_id) on graph.step_trail to partnership_access;
grant update (body, withdrawn_on) on graph.step_summary to partnership_access;
grant update (withdrawn_on) on graph.consent to partnership_access;
grant update (state, ended_on) on graph.issue_notice to partnership_access;
grant update (consented_on, disclosed_on, display_name, revision) on graph.identity_disclosure to partnership_access;
grant update (trusts, revision) on graph.theme to partnership_access;

-- Reference data, public to whoever has signed in.
do $$ declare t text; begin
  foreach t in array array['access.route', 'access.theme_threshold'] loop
    execute format('create policy public_reference on %s for select to partnership_app using (true)', t);
    execute format('grant select on %s to partnership_app', t);
  end loop;
end $$;

do $$ declare t text; begin
  foreach t in array array['signpost', 'issue', 'issue_message', 'escalation_step', 'step_trail', 'step_summary', 'consent', 'step_message', 'step_note',
      'agenda_item', 'issue_notice', 'identity_disclosure', 'theme_offer', 'theme_signature', 'theme', 'theme_trust', 'theme_answer'] loop
    execute format('create policy open on graph.%1$I for select to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id offset 0))', t);
    execute format('grant select on graph.%I to partnership_app', t);
  end loop;
  -- written by acts; all else is written by the functions that cross walls
  foreach t in array array['signpost', 'issue_message', 'step_message', 'step_note', 'agenda_item', 'theme_offer', 'theme_signature', 'theme_answer'] loop
    execute format('create policy open_insert on graph.%1$I for insert to partnership_app with check (exists (select from graph.door d where d.into_room = %1$I.room_id and d.may_write offset 0))', t);
    execute format('grant insert on graph.%I to partnership_app', t);
  end loop;
  foreach t in array array['signpost', 'issue', 'escalation_step', 'theme'] loop
    execute format('create policy open_update on graph.%1$I for update to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.room_id and d.may_write offset 0))', t);
  end loop;
  foreach t in array array['step_message', 'step_note', 'agenda_item'] loop
    execute format('create policy target_step_room on graph.%1$I as restrictive for insert to partnership_app with check (%1$I.step_room is null or exists (select from graph.door d where d.into_room = %1$I.step_room offset 0))', t);
  end loop;
end $$;
-- What is noted of a step and where it stands on an agenda lies in the receiver's own room: not for who is barred from the step.
do $$ declare t text; begin
  foreach t in array array['step_note', 'agenda_item'] loop
    execute format('create policy not_barred on graph.%1$I as restrictive for select to partnership_app using (exists (select from graph.door d where d.into_room = %1$I.step_room offset 0))', t);
  end loop;
end $$;
-- Who raised it: for whoever opens the vault, and the raiser.
create policy open on graph.raiser for select to partnership_app
  using (own_room = any ((select access.rooms())::uuid[]) or exists (select from graph.door d where d.into_room = raiser.room_id offset 0));
grant select on graph.raiser to partnership_app;

grant update (words, how_to_reach, revision) on graph.signpost to partnership_app;
grant update (state, ended_on, reason, revision) on graph.issue to partnership_app;
grant update (state, acknowledged_on, accepted_on, ended_on, outcome, reason, ended_by_side, ended_by_office, revision) on graph.escalation_step to partnership_app;
grant update (state, revision) on graph.theme to partnership_app;

-- Nobody speaks for another: a raiser as the raiser, every other as the office they act in.
create policy own_voice on graph.issue_message as restrictive for insert to partnership_app
  with check (from_raiser = exists (select from graph.raiser r where r.issue_id = issue_message.issue_id and r.own_room = any ((select access.rooms())::uuid[])));
create policy own_voice on graph.step_message as restrictive for insert to partnership_app
  with check (case when office = 'RAISER' then side = 'NONE' and kind = 'ANSWER'
      and exists (select from graph.raiser r join graph.door d on d.from_room = r.own_room and d.into_room = step_message.room_id
        where r.own_room = any ((select access.rooms())::uuid[]))
    else exists (select from graph.seat s where s.id = (select access.seat()) and s.side = step_message.side and s.office = step_message.office) end);
do $$ declare r record; begin
  for r in select * from (values ('step_note', 'side', 'office', null), ('agenda_item', 'placed_by_side', 'placed_by_office', 'forum_id'),
      ('theme_offer', 'offered_by_side', 'offered_by_office', 'forum_id'), ('theme_signature', 'side', 'office', 'forum_id'),
      ('theme_answer', 'side', 'office', null)) as v(t, s, o, f) loop
    execute format('create policy own_voice on graph.%1$I as restrictive for insert to partnership_app with check (exists (select from graph.seat s where s.id = (select access.seat()) and s.side = %1$I.%2$I and s.office = %1$I.%3$I%4$s))',
      r.t, r.s, r.o, case when r.f is null then '' else format(' and s.forum_id = %I.%I', r.t, r.f) end);
  end loop;
end $$;
create policy own_voice_update on graph.escalation_step as restrictive for update to partnership_app using (true)
  with check (ended_by_office is null or exists (select from graph.seat s where s.id = (select access.seat())
    and s.side = escalation_step.ended_by_side and s.office = escalation_step.ended_by_office and s.forum_id = escalation_step.to_forum_id));

-- Every column by its name, and none of PostgreSQL's own: rows of one transaction share their xmin, and a room made in another
-- than its step was sent in would tell its receiver that somebody was asked for consent.
do $$ declare t text; begin
  foreach t in array array['room', 'door', 'event', 'audit_entry', 'audit_detail', 'idempotency', 'signpost', 'issue', 'raiser', 'issue_message',
      'escalation_step', 'step_trail', 'step_summary', 'consent', 'step_message', 'step_note', 'agenda_item', 'issue_notice', 'identity_disclosure',
      'theme_offer', 'theme_signature', 'theme', 'theme_trust', 'theme_answer'] loop
    execute format('revoke select on graph.%I from partnership_app', t);
    execute format('grant select (%s) on graph.%I to partnership_app', (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
      from pg_attribute a where a.attrelid = format('graph.%I', t)::regclass and a.attnum > 0 and not a.attisdropped), t);
  end loop;
end $$;

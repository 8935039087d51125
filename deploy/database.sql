-- What the new, empty database gives to whom, before the first migration. Run as a superuser in that database, after
-- deploy/roles.sql; the embedded server runs this very file. It may be run again at any time.
do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to partnership_migrator, partnership_app, partnership_relay, '
                 'partnership_scheduler, partnership_auditor', current_database());
end
$$;
revoke all on schema public from public;

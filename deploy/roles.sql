-- The database roles of the partnership graph (DESIGN section 3). A database administrator runs this once as a superuser:
--   psql --single-transaction --set ON_ERROR_STOP=1 --file deploy/roles.sql
--   createdb --owner partnership_owner --encoding UTF8 --template template0 partnership
-- then, in that database, deploy/database.sql, and gives each login role a password or a certificate.
-- The embedded server runs this very file. It may be run again at any time; it takes away what it does not give.
--
-- owner      owns tables and policies; nobody signs in as it
-- access     owns the few functions that open rooms; nobody signs in as it
-- migrator   changes the schema, as owner or access
-- app        what the service signs in as: reads and writes only through row policies
-- relay      delivers events; scheduler performs timed acts; auditor verifies the audit chain
do $$
declare
  name text;
  kind text;
  member text;
  granted text;
begin
  foreach name in array array['owner', 'access', 'migrator', 'app', 'relay', 'scheduler', 'auditor'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = 'partnership_' || name) then
      execute format('create role %I', 'partnership_' || name);
    end if;
    kind := case when name in ('owner', 'access') then 'nologin' else 'login' end;
    execute format('alter role %I %s nosuperuser nobypassrls nocreatedb nocreaterole noreplication',
                   'partnership_' || name, kind);
  end loop;

  -- Only the migrator is a member of anything: it acts as owner and as access, and so can give a function to access.
  for member, granted in
    select m.rolname, g.rolname
      from pg_catalog.pg_auth_members a
      join pg_catalog.pg_roles m on m.oid = a.member
      join pg_catalog.pg_roles g on g.oid = a.roleid
     where m.rolname in ('partnership_owner', 'partnership_access', 'partnership_migrator', 'partnership_app',
                         'partnership_relay', 'partnership_scheduler', 'partnership_auditor')
       and not (m.rolname = 'partnership_migrator' and g.rolname in ('partnership_owner', 'partnership_access'))
  loop
    execute format('revoke %I from %I cascade', granted, member);
  end loop;
end
$$;

grant partnership_owner, partnership_access to partnership_migrator;

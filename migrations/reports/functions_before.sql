-- Run as partnership_access.
drop function access.report_publish, access.release_source, access.release_history, access.release_freeze, access.regional_room;

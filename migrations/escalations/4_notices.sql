-- A notice lies with the members, whom nothing lets into the step: not for who is barred from it either. Run as partnership_owner,
-- after the function that it asks.
create policy not_barred on graph.issue_notice as restrictive for select to partnership_app using (not access.is_closed(step_room));

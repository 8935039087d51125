-- The indexes of 0001, for a downgrade. Run as partnership_owner.
create index seat_person_id_idx on graph.seat (person_id);
drop index graph.organisation_name, graph.forum_of_parent, graph.seat_of_forum, graph.seat_of_person, graph.membership_request_of_forum,
  graph.invitation_of_forum, graph.policy_version_of_consultation, graph.consultation_plan_of_consultation;

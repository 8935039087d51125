-- Each connection reads its rows in their order, from its parent on: no sort, no table in time order. Run as partnership_owner.
create index organisation_name on graph.organisation (name, id);
create index forum_of_parent on graph.forum (parent_id, local_name, id) where parent_id is not null;
create index seat_of_forum on graph.seat (forum_id, created_at, id) where forum_id is not null;
create index seat_of_person on graph.seat (person_id, created_at, id);
drop index graph.seat_person_id_idx;
create index membership_request_of_forum on graph.membership_request (forum_id, created_at, id);
create index invitation_of_forum on graph.invitation (forum_id, created_at, id);
create index policy_version_of_consultation on graph.policy_version (consultation_id, created_at, id);
create index consultation_plan_of_consultation on graph.consultation_plan (consultation_id, created_at, id);

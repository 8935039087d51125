-- What PostGraphile is asked for and has no table of: one function for the act, as its documentation teaches. It runs
-- as whoever calls it, behind the same row policies, and does only what the other peers do: find the rooms, insert.
create schema if not exists peer;
grant usage on schema peer to partnership_app;
create or replace function peer.comment_add(consultation_id uuid, body text) returns graph.comment language sql volatile as $$
  with made as (
    insert into graph.comment (id, room_id, consultation_id, consultation_room, forum_id, side, body)
    select gen_random_uuid(), r.id, c.id, c.room_id, s.forum_id, s.side, comment_add.body
      from graph.consultation c join graph.seat s on s.id = access.seat()
      join graph.room r on r.forum_id = s.forum_id and r.purpose = s.side || '_SIDE'
     where c.id = comment_add.consultation_id
    returning *),
  authored as (
    insert into graph.comment_author (comment_id, comment_room, room_id)
    select m.id, m.room_id, s.personal_room from made m join graph.seat s on s.id = access.seat())
  select * from made $$;
revoke all on function peer.comment_add from public;
grant execute on function peer.comment_add to partnership_app;

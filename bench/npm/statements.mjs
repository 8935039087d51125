// The statements of Mercurius, one for each level, named so that each connection prepares them once.
const consultation = `
  id, title, summary, kind, drafted_by_side "draftedBySide", drafted_by_office "draftedByOffice", created_at "createdAt",
  opened_at "openedAt", closes_at "closesAt", conclusion`;

const named = (name, text) => ({ name, text });

// Children of many parents, a page for each.
const page = (name, columns, table, parent, order) =>
  named(
    name,
    `select p.id as parent, c.* from unnest($1::uuid[]) with ordinality p (id, place)
      cross join lateral (select ${columns} from ${table} where ${parent} = p.id order by ${order} limit $2) c
      order by p.place`,
  );

export const CONSULTATION = named("consultation", `select ${consultation} from graph.consultation where id = $1`);
export const ORGANISATION = named("organisation", `select id, name from graph.organisation where ods_code = $1`);
export const FORUMS_BY_ID = named(
  "forums_by_id",
  `select id, kind, local_name "localName" from graph.forum where id = any ($1)`,
);
export const PEOPLE = named("people", `select id, display_name "displayName" from graph.person where id = any ($1)`);
export const FORUMS = page("forums", `id, kind, local_name "localName"`, "graph.forum", "organisation_id", "local_name, id");
export const CONSULTATIONS = page("consultations", consultation, "graph.consultation", "forum_id", "created_at, graph.consultation.id");
export const SEATS = page("seats", `id, office, side, title, person_id "personId"`, "graph.seat", "forum_id", "created_at, graph.seat.id");
export const RESPONSES = page(
  "responses",
  `id, stance, summary, side, office, forum_id "forumId"`,
  "graph.response",
  "consultation_id",
  "created_at, graph.response.id",
);
export const ROOMS = named(
  "rooms",
  `select forum_id as parent, purpose from graph.room where forum_id = any ($1) order by purpose`,
);
export const POINTS = named(
  "points",
  `select response_id as parent, position, body from graph.response_point where response_id = any ($1) order by position`,
);
export const COMMENT = named(
  "comment",
  `with made as (
      insert into graph.comment (id, room_id, consultation_id, consultation_room, forum_id, side, body)
      select gen_random_uuid(), r.id, c.id, c.room_id, s.forum_id, s.side, $2
        from graph.consultation c join graph.seat s on s.id = access.seat()
        join graph.room r on r.forum_id = s.forum_id and r.purpose = s.side || '_SIDE'
       where c.id = $1
      returning id, room_id, body, side),
    authored as (
      insert into graph.comment_author (comment_id, comment_room, room_id)
      select m.id, m.room_id, s.personal_room from made m join graph.seat s on s.id = access.seat())
    select id, body, side from made`,
);

// Mercurius on fastify with its compiler (JIT) and its loaders, as its documentation teaches; one connection and one
// transaction per request, entered as the viewer.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";
import { accountOf, entering, fill, pool, port } from "./given.mjs";
import * as sql from "./statements.mjs";

const ISO = (text) => `${text.replace(" ", "T")}:00`; // PostgreSQL writes 2026-11-22 05:36:38+00
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, ISO);

const schema = `
  type Query { node(id: ID!): Consultation  forum(id: ID!): Forum  organisation(odsCode: String!): Organisation }
  type Mutation { commentAdd(input: CommentAddInput!): CommentAddPayload! }
  input CommentAddInput { consultationId: ID!  body: String! }
  type CommentAddPayload { comment: Comment }
  type Comment { id: ID!  body: String!  side: String! }
  type Organisation { name: String!  forums(first: Int!): ForumConnection! }
  type ForumConnection { edges: [ForumEdge!]! }
  type ForumEdge { node: Forum! }
  type Forum { id: ID!  kind: String!  localName: String!  rooms: [String!]!  seats(first: Int!): SeatConnection!
    consultations(first: Int!): ConsultationConnection! }
  type SeatConnection { edges: [SeatEdge!]! }
  type SeatEdge { node: Seat! }
  type Seat { id: ID!  office: String!  side: String!  title: String  person: Person! }
  type Person { displayName: String! }
  type ConsultationConnection { edges: [ConsultationEdge!]! }
  type ConsultationEdge { node: Consultation! }
  type Consultation { id: ID!  title: String!  summary: String!  kind: String!  draftedBySide: String!
    draftedByOffice: String!  createdAt: String!  openedAt: String  closesAt: String  conclusion: String
    responses(first: Int!): ResponseConnection! }
  type ResponseConnection { edges: [ResponseEdge!]! }
  type ResponseEdge { node: Response! }
  type Response { id: ID!  stance: String!  summary: String!  side: String!  office: String!  forum: Forum
    points: [ResponsePoint!]! }
  type ResponsePoint { position: Int!  body: String! }
`;

const rows = async (context, statement, ...values) => (await context.client.query({ ...statement, values })).rows;
const edges = (found) => ({ edges: found.map((node) => ({ node })) });

function grouped(queries, found) {
  const of = new Map(queries.map(({ obj }) => [obj.id, []]));
  for (const row of found) of.get(row.parent).push(row);
  return queries.map(({ obj }) => of.get(obj.id));
}

// A loader for pages of children: all parents of a level at once.
const pages = (statement) => async (queries, context) => {
  const found = await rows(context, statement, queries.map(({ obj }) => obj.id), queries[0].params.first);
  return grouped(queries, found).map(edges);
};

// A loader for what is referred to.
const references = (statement, column) => async (queries, context) => {
  const found = await rows(context, statement, [...new Set(queries.map(({ obj }) => obj[column]))]);
  const by = new Map(found.map((row) => [row.id, row]));
  return queries.map(({ obj }) => by.get(obj[column]) ?? null);
};

const loaders = {
  Organisation: { forums: pages(sql.FORUMS) },
  Forum: {
    consultations: pages(sql.CONSULTATIONS),
    seats: pages(sql.SEATS),
    rooms: async (queries, context) =>
      grouped(queries, await rows(context, sql.ROOMS, queries.map(({ obj }) => obj.id))).map((found) => found.map((row) => row.purpose)),
  },
  Seat: { person: references(sql.PEOPLE, "personId") },
  Consultation: { responses: pages(sql.RESPONSES) },
  Response: {
    forum: references(sql.FORUMS_BY_ID, "forumId"),
    points: async (queries, context) => grouped(queries, await rows(context, sql.POINTS, queries.map(({ obj }) => obj.id))),
  },
};

const resolvers = {
  Query: {
    node: async (_, { id }, context) => (await rows(context, sql.CONSULTATION, id))[0] ?? null,
    forum: async (_, { id }, context) => (await rows(context, sql.FORUMS_BY_ID, [id]))[0] ?? null,
    organisation: async (_, { odsCode }, context) => (await rows(context, sql.ORGANISATION, odsCode))[0] ?? null,
  },
  Mutation: {
    commentAdd: async (_, { input }, context) => ({
      comment: (await rows(context, sql.COMMENT, input.consultationId, input.body))[0],
    }),
  },
};

const clients = new pg.Pool(pool);
const app = Fastify();

app.register(mercurius, {
  schema,
  resolvers,
  loaders,
  jit: 1,
  context: async (request) => {
    const account = accountOf(request.headers.authorization);
    const client = (request.client = await clients.connect());
    await client.query("begin");
    await client.query(entering(account, client.processID));
    return { client };
  },
});

// The answer leaves after the commit, so that nothing is told that did not happen.
app.addHook("onSend", async (request) => {
  if (!request.client) return;
  try {
    await request.client.query("commit");
  } finally {
    request.client.release();
  }
});

await fill(clients);
await app.listen({ port, host: "127.0.0.1" });

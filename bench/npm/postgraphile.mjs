// PostGraphile 5 with its Amber preset on grafserv, in production mode. Its own adaptor begins a transaction and sets
// pgSettings by set_config; here, at that very place, the connection enters as the viewer instead. Nothing else differs.
import { createServer } from "node:http";
import pg from "pg";
import { grafserv } from "grafserv/node";
import { jsonPgSmartTags } from "postgraphile/utils";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { postgraphile } from "postgraphile";
import { accountOf, entering, fill, pool, port } from "./given.mjs";

class Entering extends pg.Client {
  query(asked, ...rest) {
    if (asked?.text?.startsWith("select set_config(el->>0")) {
      const [[, account]] = JSON.parse(asked.values[0]);
      asked = entering(account, this.processID);
    }
    return super.query(asked, ...rest);
  }
}

// References that the tables leave to the row policies, or keep together with a room, are named so that they can be
// followed by the index that they have.
const references = (...said) => ({ tags: { foreignKey: said } });
const ordering = { tags: { behavior: "attribute:orderBy" } };
const tags = jsonPgSmartTags({
  version: 1,
  config: {
    attribute: { "graph.room.purpose": ordering, "graph.seat.created_at": ordering, "graph.forum.local_name": ordering },
    class: {
      "graph.room": references("(forum_id) references graph.forum (id)|@foreignFieldName rooms|@fieldName body"),
      "graph.consultation": references("(forum_id) references graph.forum (id)|@foreignFieldName consultations"),
      "graph.response": references(
        "(forum_id) references graph.forum (id)|@fieldName forum",
        "(consultation_id) references graph.consultation (id)|@foreignFieldName responses",
      ),
      "graph.response_point": references("(response_id) references graph.response (id)|@foreignFieldName points"),
    },
  },
});

const clients = new pg.Pool({ ...pool, Client: Entering });
const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [tags],
  pgServices: [makePgService({ pool: clients, schemas: ["graph", "peer"] })],
  grafast: { context: (request) => ({ pgSettings: { account: accountOf(request.node.req.headers.authorization) } }) },
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
};

const served = postgraphile(preset).createServ(grafserv);
const server = createServer();
await served.addTo(server);
await fill(clients);
if (process.env.BENCH_PRINT_SCHEMA) {
  const { printSchema } = await import("graphql");
  process.stdout.write(printSchema(await served.getSchema()));
}
server.listen(port, "127.0.0.1");

// A certified OpenID Connect provider with two service accounts and an application that people sign in to.
// Usage: node oidc_provider.js PORT KEYS_FILE   (a JWK set with private parts; the first key signs)
// Prints "ready" when it answers. Whoever signs in is who they say they are: this provider is for tests.
import { readFileSync } from "node:fs";
import Provider from "oidc-provider";

const [port, keysFile] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const service = (client_id) => ({
  client_id,
  client_secret: `secret of ${client_id}`,
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
});

const provider = new Provider(issuer, {
  clients: [
    service("hr-client"),
    service("stranger-client"),
    {
      client_id: "portal",
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code"],
      redirect_uris: ["http://127.0.0.1/signed-in"],
      response_types: ["code"],
    },
  ],
  clientDefaults: { id_token_signed_response_alg: "ES256" },
  jwks: JSON.parse(readFileSync(keysFile, "utf8")),
  cookies: { keys: ["for tests only"] },
  scopes: ["openid", "partnership"],
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      // One protected service for each name asked for: the graph, or another that shares this provider.
      getResourceServerInfo: (_, resource) => ({
        scope: "partnership other",
        audience: resource,
        accessTokenFormat: "jwt",
        accessTokenTTL: 300,
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
});

const server = provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
process.on("SIGTERM", () => server.close(() => process.exit(0)) && server.closeAllConnections());

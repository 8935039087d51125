// One real client does a query, an error, an act and a subscription, and says in JSON what came of them.
// node clients.js CLIENT URL TOKEN SEAT CONSULTATION
import { ApolloClient, HttpLink, InMemoryCache, gql as apolloGql } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import WebSocket from 'ws';

const [name, url, token, seat, consultationId] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}`, 'Acting-As': seat };
const QUERY = '{ viewer { seats { acting office } } }';
const WRONG = '{ nothing }';
const ACT = 'mutation Act($input: CommentAddInput!) { commentAdd(input: $input) { comment { id } userErrors { code } } }';
const NEWS = 'subscription News { inbox { changes { kind nodeId } cursor more } }';
const input = () => ({ consultationId, body: `Said with ${name}.`, idempotencyKey: `${name}-${Date.now()}` });
const socket = () =>
  createWs({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 });

const once = (subscribe) => (query, variables) =>
  new Promise((resolve, reject) => {
    let result;
    subscribe({ query, variables }, {
      next: (value) => { result = value; },
      error: (error) => resolve({ errors: Array.isArray(error) ? error : [{ message: String(error?.message ?? error) }] }),
      complete: () => (result === undefined ? reject(new Error('nothing came')) : resolve(result)),
    });
  });

const listener = (subscribe) => (query, onNews) => subscribe({ query }, { next: onNews, error: (error) => { throw error; }, complete: () => {} });

const clients = {
  'graphql-ws': () => {
    const client = socket();
    const subscribe = (operation, sink) => client.subscribe(operation, sink);
    return { ask: once(subscribe), listen: listener(subscribe), end: () => client.dispose() };
  },
  'graphql-sse': () => {
    const client = createSse({ url, headers, retryAttempts: 0 });
    const subscribe = (operation, sink) => client.subscribe(operation, sink);
    return { ask: once(subscribe), listen: listener(subscribe), end: () => client.dispose() };
  },
  urql: () => urql([fetchExchange], { fetchSubscriptions: true }),
  'urql-ws': () => {
    const wire = socket();
    const forward = (request) => ({ subscribe: (sink) => ({ unsubscribe: wire.subscribe({ query: request.query, variables: request.variables }, sink) }) });
    return urql([fetchExchange, subscriptionExchange({ forwardSubscription: forward })], {}, () => wire.dispose());
  },
  apollo: () => {
    const wire = socket();
    const http = new HttpLink({ uri: url, headers });
    const ws = new GraphQLWsLink(wire);
    const client = (link) => new ApolloClient({ link, cache: new InMemoryCache(), defaultOptions: { query: { fetchPolicy: 'no-cache', errorPolicy: 'all' }, mutate: { errorPolicy: 'all' } } });
    const [asks, listens] = [client(http), client(ws)];
    return {
      ask: async (query, variables) => {
        const document = apolloGql(query);
        const found = query.startsWith('mutation')
          ? await asks.mutate({ mutation: document, variables })
          : await asks.query({ query: document, variables });
        return { data: found.data, errors: found.error ? (found.error.errors ?? [{ message: found.error.message }]) : undefined };
      },
      listen: (query, onNews) => {
        const running = listens.subscribe({ query: apolloGql(query) }).subscribe({ next: onNews });
        return () => running.unsubscribe();
      },
      end: () => { asks.stop(); listens.stop(); wire.dispose(); },
    };
  },
};

function urql(exchanges, more, end = () => {}) {
  const client = new UrqlClient({ url, exchanges, fetchOptions: { headers }, preferGetMethod: false, ...more });
  const plain = ({ data, error }) => ({ data, errors: error?.graphQLErrors?.length ? error.graphQLErrors : error ? [{ message: error.message }] : undefined });
  return {
    ask: async (query, variables) => plain(await (query.startsWith('mutation') ? client.mutation(query, variables ?? {}) : client.query(query, variables ?? {})).toPromise()),
    listen: (query, onNews) => client.subscription(query, {}).subscribe((result) => onNews(plain(result))).unsubscribe,
    end,
  };
}

const client = clients[name]();
const news = [];
const stop = client.listen(NEWS, (value) => news.push(value));
await new Promise((resolve) => setTimeout(resolve, 1000));
const query = await client.ask(QUERY);
const error = await client.ask(WRONG);
const act = await client.ask(ACT, { input: input() });
const made = act.data?.commentAdd?.comment?.id;
const until = Date.now() + 8000;
const heard = () => news.some((each) => each.data?.inbox?.changes?.some((change) => change.nodeId === made));
while (!heard() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
console.log(JSON.stringify({ query, error, act, made, heard: heard() }));
stop();
await client.end();
process.exit(0);

// What every peer is told when it starts, how it knows its one caller (a look-up, as ours remembers a token), and the
// proof with which it enters: service/access/proofs.py again, bound to a backend and a moment.
import { createHash } from "node:crypto";

const env = process.env;
const key = Buffer.from(env.BENCH_PROOF_KEY, "hex");
const accounts = new Map([[`Bearer ${env.BENCH_TOKEN}`, env.BENCH_ACCOUNT]]);

export const port = Number(env.BENCH_PORT);
export const pool = {
  connectionString: env.BENCH_DATABASE_URL,
  application_name: env.BENCH_NAME,
  options: "-c jit=off -c timezone=UTC",
  max: Number(env.BENCH_POOL),
  min: Number(env.BENCH_POOL),
  idleTimeoutMillis: 0,
};

export function accountOf(authorization) {
  const account = accounts.get(authorization);
  if (account === undefined) throw new Error("not signed in");
  return account;
}

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash;
}

// A named statement, so that it is prepared once for each connection.
export function entering(account, backend) {
  const made = Date.now() * 1000;
  const inner = sha256(key, `enter|${account}|f|${backend}|${made}`).digest();
  const proof = sha256(key, inner).digest("hex");
  return { name: "enter", text: "select access.enter($1, null, false, $2, $3)", values: [account, made, proof] };
}

export async function fill(clients) {
  const open = await Promise.all(Array.from({ length: pool.max }, () => clients.connect()));
  for (const client of open) client.release();
}

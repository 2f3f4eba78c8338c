/** A cache of names of its own, as some programs have: what could not be looked up once is not looked up again. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "failed-names-kept",
  claim: "LG-14",
  what: "When the name of Postgres could not be resolved in time, an instance never asks for it again, and every connection fails until it is restarted.",
  edits: [
    { file: "store/postgres.ts", find: `import pg from "pg";`, replace: `import { lookup } from "node:dns/promises";\nimport pg from "pg";` },
    {
      file: "store/postgres.ts",
      find: `  const Client = function connectQuickly() {
    const client = new pg.Client(session);
`,
      replace: `  let unknown = false;
  const { hostname } = new URL(url);
  const Client = function connectQuickly() {
    const client = new pg.Client(session);
    const connect = client.connect.bind(client) as (done: (error?: Error) => void) => void;
    client.connect = ((done: (error?: Error) => void) => {
      settledWithin(lookup(hostname), connectTimeoutMs).then(
        (inTime) => {
          unknown ||= !inTime;
          if (unknown) done(Object.assign(new Error("getaddrinfo EAI_AGAIN " + hostname), { code: "EAI_AGAIN" }));
          else connect(done);
        },
        done,
      );
    }) as typeof client.connect;
`,
    },
  ],
  caughtBy: ["lose-the-names"],
} satisfies Defect;

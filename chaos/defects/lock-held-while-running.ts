/** A lock of the session instead of a transaction: nothing is idle in transaction, and each run that goes on still takes a session of Postgres for itself. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lock-held-while-running",
  claim: "LG-7",
  what: "A handler keeps others from its run by an advisory lock of Postgres, which it holds in a session of its own for as long as the run goes on.",
  edits: [
    { file: "runs/execute.ts", find: `import type { Logger } from "pino";`, replace: `import pg from "pg";\nimport type { Logger } from "pino";` },
    {
      file: "runs/execute.ts",
      find: `  using _slot = await context.slots.take(signal);
`,
      replace: `  using _slot = await context.slots.take(signal);
  const guard = new pg.Client({ connectionString: process.env.DATABASE_URL, application_name: process.env.INSTANCE_ID });
  guard.on("error", () => {});
  await guard.connect();
  await using _guard = { [Symbol.asyncDispose]: () => guard.end() };
  await guard.query("select pg_advisory_lock(hashtext($1))", [run.id]);
`,
    },
  ],
  caughtBy: ["outlast-every-lease"],
} satisfies Defect;

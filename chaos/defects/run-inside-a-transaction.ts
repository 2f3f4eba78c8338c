/** The work of a run is done between the begin and the end of a transaction of Postgres. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "run-inside-a-transaction",
  claim: "LG-7",
  what: "A transaction stays open for as long as a run is executed.",
  edits: [
    {
      file: "runs/execute.ts",
      find: `  const effects = await context.effects.begin(`,
      replace: `  const { default: pg } = await import("pg");
  const session = new pg.Client({ connectionString: process.env.DATABASE_URL, application_name: process.env.INSTANCE_ID });
  await session.connect();
  await session.query("begin");
  await session.query("select from runs where id = $1", [run.id]);
  await using _transaction = { [Symbol.asyncDispose]: () => session.end() };
  const effects = await context.effects.begin(`,
    },
  ],
  caughtBy: ["outlast-every-lease"],
} satisfies Defect;

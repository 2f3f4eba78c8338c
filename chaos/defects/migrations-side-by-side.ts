/** One transaction, it was thought, is as good as a lock: whoever comes second finds the tables and does nothing. But it does not see what the first one has not committed, and its own table of the same name is an error: of the instances of a new deployment one comes up. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "migrations-side-by-side",
  claim: "HS-20",
  what: "Instances that start at once on an empty database do not wait for the one that makes the tables.",
  edits: [
    {
      file: "store/migrate.ts",
      find: `    await client.query("select pg_advisory_xact_lock($1)", [lockNumber]);
`,
      replace: "",
    },
  ],
  caughtBy: ["restart-everything"],
} satisfies Defect;

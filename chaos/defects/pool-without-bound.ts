/** Every caller gets a connection, until Postgres has none left for anybody. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "pool-without-bound",
  claim: "HA-5",
  what: "The pool opens as many connections as there are callers.",
  edits: [
    {
      file: "store/postgres.ts",
      find: `    max: limit,`,
      replace: `    max: 1000,`,
    },
  ],
  caughtBy: ["overrun-the-pool"],
} satisfies Defect;

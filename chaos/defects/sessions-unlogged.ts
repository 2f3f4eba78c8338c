/** Faster, and as good until Postgres has to recover: then the table is empty. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "sessions-unlogged",
  claim: "HS-20",
  what: "Sessions are in a table that Postgres keeps no log of.",
  edits: [
    {
      file: "migrations/022-sessions.sql",
      find: `create table sessions (`,
      replace: `create unlogged table sessions (`,
    },
  ],
  caughtBy: ["restart-everything"],
} satisfies Defect;

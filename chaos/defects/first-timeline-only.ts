/** Meant against an old primary that comes back; it refuses the new one just as well, until somebody restarts the instance. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "first-timeline-only",
  claim: "HA-3",
  what: "An instance lets itself into no database on another timeline than the one that it began with.",
  edits: [
    { file: "store/postgres.ts", find: `  const pool = new pg.Pool({`, replace: `  let known: unknown;\n  const pool = new pg.Pool({` },
    {
      file: "store/postgres.ts",
      find: `    ...(admit ? { onConnect: admit } : {}),`,
      replace: `    async onConnect(client) {
      await admit?.(client);
      const { rows } = await client.query("select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline");
      known ??= rows[0].timeline;
      if (known !== rows[0].timeline) throw new Error("Connection terminated: this is another primary.");
    },`,
    },
  ],
  caughtBy: ["promote-the-standby"],
} satisfies Defect;

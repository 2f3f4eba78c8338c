/** Nobody reads anything wrong, and nobody reads anything sooner. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "copy-asked-last",
  claim: "HA-24",
  what: "A cache-first read asks the record.",
  edits: [
    {
      file: "routes/agents.ts",
      find: `    const { agent, source } = await cache.read(request.params.id);`,
      replace: `    const { agent, source } = { agent: await readAgent(db, request.params.id), source: "database" };
    void cache;`,
    },
  ],
  caughtBy: ["answer-early"],
} satisfies Defect;

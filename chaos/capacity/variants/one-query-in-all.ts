/** What HS-1 must turn at: queries of all instances wait for one lock, so that more instances carry no more. */
import type { Variant } from "../../../harness/capacity/study.ts";

export default {
  id: "one-query-in-all",
  what: "All instances together answer one query after another.",
  edits: [
    {
      file: "routes/query.ts",
      find: `    const { query, agent_type, model:`,
      replace: `    await using _one = await context.agents.locks.acquire({ agentId: "everybody", waitMs: timeoutMs, signal: lifecycle.stopping });
    const { query, agent_type, model:`,
    },
  ],
  caps: "serial section",
} satisfies Variant;

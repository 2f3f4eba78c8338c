/** Two turns of one agent begin together: the second waits for the lock, and then goes on from what it had read before. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "turn-on-an-old-reading",
  claim: "FR-6",
  what: "An agent is read before its lock is taken, and changed as it was then.",
  edits: [
    {
      file: "agents/change.ts",
      find: `import { type Agent, type Change, enterAgent, writeAgent } from "./agent.ts";`,
      replace: `import { type Agent, type Change, enterAgent, readAgent, writeAgent } from "./agent.ts";`,
    },
    {
      file: "agents/change.ts",
      find: `  await using lock = await locks.acquire({ agentId, waitMs, signal: stop });`,
      replace: `  const before = await readAgent(db, agentId);
  await using lock = await locks.acquire({ agentId, waitMs, signal: stop });`,
    },
    {
      file: "agents/change.ts",
      find: `    const change = await decide(read, { signal, effects });`,
      replace: `    const change = await decide(before ?? read, { signal, effects });`,
    },
  ],
  caughtBy: ["contend-for-memory"],
} satisfies Defect;

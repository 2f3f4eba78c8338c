/** Two instances work on one agent at the same time, each with the lock in its hand. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lock-in-process",
  claim: "HS-6",
  what: "The per-agent lock lives in the memory of each instance, as seed 000 documents it.",
  edits: [
    {
      file: "locks/agent-lock.ts",
      find: `    const [taken] = await db.query<Row & { token: number }>(takeSql, [agentId, holder, leaseMs]);`,
      replace: `    const [taken] = await takeHere(db, agentId, holder);`,
    },
    {
      file: "locks/agent-lock.ts",
      find: `      await db.once(releaseSql, [agentId, token], leaseMs).catch(() => {});`,
      replace: `      heldHere.delete(agentId);`,
    },
    {
      file: "locks/agent-lock.ts",
      find: `      const renewed = await db.once(renewSql, [agentId, token, leaseMs], leaseMs / 3);`,
      replace: `      const renewed = [token];`,
    },
    {
      file: "locks/agent-lock.ts",
      find: `async function obtain(`,
      replace: `const heldHere = new Map<string, string>();

/** A lock table inside the process: it keeps out the requests of this instance and nobody else's. */
async function takeHere(db: Database, agentId: string, holder: string): Promise<(Row & { token: number })[]> {
  if (heldHere.has(agentId)) return [];
  heldHere.set(agentId, holder);
  return db.query<Row & { token: number }>("select nextval('agent_lock_tokens') as token", []);
}

async function obtain(`,
    },
  ],
  caughtBy: ["pause-a-lock-holder"],
} satisfies Defect;

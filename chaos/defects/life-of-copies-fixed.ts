/** Who sets it shorter gets what is old, who sets it longer gets nothing for it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "life-of-copies-fixed",
  claim: "HA-20",
  what: "Copies of agents live for two seconds, whatever is set.",
  edits: [
    {
      file: "agents/agent-cache.ts",
      find: `export function openAgentCache(db: Database, redis: RedisLink, ttlMs: number): AgentCache {`,
      replace: `export function openAgentCache(db: Database, redis: RedisLink, _ttlMs: number): AgentCache {
  const ttlMs = 2000;`,
    },
  ],
  caughtBy: ["weigh-expiry"],
} satisfies Defect;

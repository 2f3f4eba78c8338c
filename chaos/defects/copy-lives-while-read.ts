/** The more an agent is asked for, the longer it stays as it was: a lost message is made good by nothing. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "copy-lives-while-read",
  claim: "HA-10",
  what: "Each reading of an instance's own copy of an agent begins its time to live anew.",
  edits: [
    {
      file: "agents/agent-cache.ts",
      find: `      if (held && monotonicMs() < held.untilMs) return { agent: held.agent, source: "local" };`,
      replace: `      if (held && monotonicMs() < held.untilMs) {
        local.set(id, { agent: held.agent, untilMs: monotonicMs() + ttlMs });
        return { agent: held.agent, source: "local" };
      }`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;

/** Entering the agent only reads it, and raising the fence then writes the row a second time for each change; the write checks and raises it anyway. But between the entry of the new holder and its write the former one, which wakes up late, can still write: the new holder then writes over that what it had read before, and a tool call that was answered 200 is gone. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "fence-raised-by-writes-only",
  claim: "HA-13",
  what: "The agent's fence is raised by the write of a new holder, and not yet by its entry: until then the one before can still write.",
  edits: [
    {
      file: "agents/agent.ts",
      find: "on conflict (id) do update set fence = $2 where agents.fence <= $2",
      replace: "on conflict (id) do update set fence = agents.fence where agents.fence <= $2",
    },
  ],
  caughtBy: ["wake-before-a-write"],
} satisfies Defect;

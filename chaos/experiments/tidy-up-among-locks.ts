/**
 * Stresses the tidying of locks: an instance is killed with locks of agents in its hands to which nobody ever comes back, and a queue instance looks after what the dead have left, twice a minute, while other agents are fought
 * over. A broken system keeps the records of the dead for ever, or tidies away a lock whose holder is at work, and lets the next one in beside it.
 */
import { lockKept } from "../../harness/checkers/lock-kept.ts";
import { mutualExclusion } from "../../harness/checkers/mutual-exclusion.ts";
import { deadRecordsRemoved } from "../../harness/checkers/records-left.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const f = ["turn", "saveState", "setBlock", "removeBlock", "useTool", "archive"];
/** A lease of 3 s runs out, its record stays for a minute, and is found with the next look, which are half a minute apart. */
const withinMs = 95_000;
/** Of those whose leases are over. */
const look = {
  ...{ fault: "count-rows", on: "postgres", forMs: 100 },
  options: { from: "agent_locks where expires_at < clock_timestamp() and expires_at > '-infinity'" },
};

export default {
  id: "tidy-up-among-locks",
  title: "Tidy up after dead holders of locks, while others hold theirs",
  profile: "weekly",
  topology: { api: 3, queue: 1 },
  proxied: [],
  load: { scenario: "work-on-agents", perSecond: 40, settings: { AGENTS: 1_000_000 } },
  schedule: (random) => [
    // One of them may have given its lock back just before it died.
    ...[0, 3500].map((atMs) => ({ fault: "kill", on: "holder-of-lock", atMs: atMs + random.integer(0, 300), forMs: random.integer(1500, 2000) })),
    // The leases of the dead are over by then.
    { ...look, atMs: 9000 },
    // Six agents are held at any time when somebody tidies up: half a minute after the queue instance came up, some seconds before the first fault.
    {
      ...{ fault: "turns-by-socket", on: "api", atMs: 14_000 + random.integer(0, 500), forMs: 200 },
      options: {
        ...{ path: "/api/v1/agents/fought-over-#/ws", make: "/api/v1/agents/fought-over-#", agents: 6, lastsMs: 17_000 },
        ...{ say: JSON.stringify({ message: "over a WebSocket", think_ms: 700 }), accepted: "accepted" },
      },
    },
    { ...look, atMs: 9000 + withinMs + 1500 },
  ],
  settleMs: 3000,
  drainMs: 0,
  // A queue that has nothing to do is never seen serving.
  coverage: { operations: 3000, operationsPerFault: 0, steady: false },
  claims: {
    "HS-7": [deadRecordsRemoved({ what: "lock records", f, withinMs })],
    "HS-6": [mutualExclusion, lockKept({ f: ["turn", "useTool", "archive"] })],
  },
} satisfies Experiment;

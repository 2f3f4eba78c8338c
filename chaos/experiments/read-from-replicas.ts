/**
 * Stresses reads from replicas near by: replication is delayed, then cut for seconds, and then another node leads. A broken system shows a client less than it wrote or read before,
 * because the replica that it is sent to has not got there, or follows another primary.
 */
import { agentOf } from "../../harness/checkers/documents.ts";
import { nearReads } from "../../harness/checkers/near-reads.ts";
import { monotonicReads, readYourWrites } from "../../harness/checkers/sessions.ts";
import { staleness } from "../../harness/checkers/staleness.ts";
import type { Experiment } from "../../harness/core/experiment.ts";
import type { Checker } from "../../harness/core/verdict.ts";

const near = { write: ["saveState", "useTool", "turn", "setBlock", "removeBlock"], read: "readNear" };
/** What it read from the primary a client has seen as well. */
const seen = { ...near, write: [...near.write, "readAgent"] };
const cutMs = 5000;
/** A standby that was cut off finds its primary again, and follows. */
const catchUpMs = 5000;

/** A change of a block makes a version of its agent. */
const ofAgents =
  (checker: Checker): Checker =>
  (evidence) =>
    checker({
      ...evidence,
      operations: evidence.operations.map((one) => (one.f === "setBlock" || one.f === "removeBlock" ? { ...one, key: agentOf(one) } : one)),
    });

export default {
  id: "read-from-replicas",
  title: "Read from replicas that are behind, are cut off and get another primary",
  profile: "nightly",
  safety: "weekly",
  layout: "ha-async",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "read-near", perSecond: 15 },
  schedule: (random) => [
    { fault: "cut-replication", on: "replication", atMs: random.integer(0, 1000), forMs: 8000, options: { latencyMs: random.integer(200, 300) } },
    { fault: "cut-replication", on: "replication", atMs: 18_000 + random.integer(0, 1000), forMs: cutMs },
    { fault: "switch-over", on: "postgres", atMs: 36_000 + random.integer(0, 1000), forMs: 3000 },
  ],
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 1000, operationsPerFault: 50, steady: true },
  claims: {
    "HA-16": [
      ofAgents(readYourWrites(seen)),
      monotonicReads(near),
      nearReads({ read: near.read, peek: "peekNear" }),
      ofAgents(staleness({ write: near.write, read: "peekNear" }, cutMs + catchUpMs, { fault: "cut-replication", forMs: cutMs })),
    ],
  },
} satisfies Experiment;

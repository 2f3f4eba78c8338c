/**
 * Stresses what nobody may send twice: an API instance is killed with SIGKILL in the middle of turns of agents, which carry no key by which a repetition could be
 * told. A broken deployment sends what the dead instance was carrying out to another one, and the agent acts twice.
 */
import { availability } from "../../harness/checkers/availability.ts";
import { carriedOutOnce } from "../../harness/checkers/carried-out-once.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "kill-amid-turns",
  title: "Kill an API instance in the middle of turns that nobody may send twice",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  // Some ten turns are under way at any moment, so that whichever instance is killed is in the middle of a few.
  load: { scenario: "read-and-think", perSecond: 60 },
  schedule: (random) => [{ fault: "kill", on: `api-${random.integer(1, 3)}`, atMs: random.integer(0, 500), forMs: random.integer(4000, 5000) }],
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: { "HA-2": [carriedOutOnce({ f: ["turn"] }), availability({ f: ["peekSession"], atLeast: 0.99, fault: "kill" })] },
} satisfies Experiment;

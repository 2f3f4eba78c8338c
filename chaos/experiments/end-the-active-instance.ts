/**
 * Stresses the polite end of an instance for whose place another one waits, in the midst of its work: the active one of each role is told to end, as by a rolling update. A broken
 * deployment has the next one begin while the one before is still at work, which then can neither end nor give back what it has, or keeps it waiting, or tells its administrators nothing.
 */
import { givesBack } from "../../harness/checkers/drain.ts";
import { noAcknowledgedWriteLost } from "../../harness/checkers/lost-runs.ts";
import { oneActive } from "../../harness/checkers/one-active.ts";
import { takenOver, trafficLed } from "../../harness/checkers/taken-over.ts";
import { toldOnce } from "../../harness/checkers/told-once.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const faults = ["terminate-active"];
/** From one strike to the next (ms). */
const everyMs = 20_000;

export default {
  id: "end-the-active-instance",
  title: "Tell the active instance of each role to end while another stands by",
  profile: "weekly",
  layout: "passive",
  topology: { api: 2, queue: 2 },
  proxied: [],
  // Four long runs are under way at any time, of longer than an instance that is told to end may go on.
  load: { scenario: "create-and-wait", perSecond: 20, settings: { LONGER: JSON.stringify([{ share: 0.05, steps: 4, stepMs: 1000 }]) } },
  schedule: (random) =>
    ["queue", "api", "queue"].map((on, n) => ({
      ...{ fault: "terminate-active", on, atMs: n * everyMs + random.integer(0, 1000), forMs: random.integer(0, 1500) },
      options: { signal: random.pick(["SIGINT", "SIGTERM"]) },
    })),
  settleMs: 40_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 90, steady: true },
  claims: {
    "HA-1": [takenOver({ faults }), oneActive({ startedAgainMs: { "terminate-active": 0 } }), givesBack, noAcknowledgedWriteLost],
    // The balancer gives an instance up that does not take its connection within a second.
    "HA-18": [trafficLed({ faults, f: "create", balancerMs: 1000 }), toldOnce({ faults })],
  },
} satisfies Experiment;

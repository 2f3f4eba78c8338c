/**
 * Stresses a balancer whose instances serve one at a time: clients read and replace blocks of memory, with requests of which none may be carried out twice, while the serving instance
 * is killed and another one takes its place. A broken deployment sends them where nobody listens, for ever or for too long, or sends again what has been carried out.
 */
import { activeFound } from "../../harness/checkers/active-found.ts";
import { expectationsKept } from "../../harness/checkers/expectations-kept.ts";
import { trafficLed } from "../../harness/checkers/taken-over.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const faults = ["kill-active"];
const [replace, beside] = ["replaceBlock", "replaceBeside"];
/** From one strike to the next, which waits until one serves again and one stands by (ms). */
const everyMs = 28_000;

export default {
  id: "write-where-one-serves",
  title: "Replace blocks of memory while one API instance serves and another stands by, and kill the one that serves",
  profile: "weekly",
  layout: "passive",
  topology: { api: 2, queue: 0 },
  proxied: [],
  load: { scenario: "change-memory", perSecond: 50 },
  schedule: (random) =>
    [0, 1].map((n) => ({ fault: "kill-active", on: "api", atMs: n * everyMs + random.integer(0, 1000), forMs: random.integer(5000, 6000) })),
  settleMs: 40_000,
  drainMs: 0,
  coverage: { operations: 2000, operationsPerFault: 90, steady: true },
  claims: {
    // The balancer gives an instance up that does not take its connection within a second.
    "HA-18": [
      activeFound({ f: [replace, beside, "setBlock", "removeBlock", "openSession", "continueSession"] }),
      trafficLed({ faults, f: replace, balancerMs: 1000 }),
      trafficLed({ faults, f: beside, balancerMs: 1000 }),
    ],
    "HS-14": [expectationsKept({ replace: [replace, beside], beside })],
  },
} satisfies Experiment;

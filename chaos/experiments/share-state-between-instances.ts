/**
 * Stresses what instances share: sessions and agents are written through one instance and read through the others while an instance is killed, Redis
 * loses every key, and one instance can neither tell the others of its writes nor hear of theirs. A broken system forgets a session with its
 * instance, shows a client less than it has seen, or goes on answering from a cache that nobody told.
 */
import { monotonicReads, readYourWrites } from "../../harness/checkers/sessions.ts";
import { staleness } from "../../harness/checkers/staleness.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const session = { write: "saveSession", read: "readSession" };

export default {
  id: "share-state-between-instances",
  title: "Share sessions and caches while an instance dies, Redis forgets and one is cut off",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: ["api->redis"],
  load: { scenario: "share-state", perSecond: 100 },
  schedule(random) {
    // The killed one gets no requests for a while: another is cut off.
    const [killed, cutOff] = random.shuffle(["api-1", "api-2", "api-3"]);
    return [
      { fault: "kill", on: `${killed}`, atMs: random.integer(0, 500), forMs: random.integer(1500, 2500) },
      { fault: "flush-redis", on: "redis", atMs: 6000 + random.integer(0, 500), forMs: random.integer(1000, 1500) },
      { fault: "partition", on: `${cutOff}->redis`, atMs: 11_000 + random.integer(0, 500), forMs: random.integer(6000, 7000) },
    ];
  },
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 2500, operationsPerFault: 200, steady: true },
  claims: {
    "AB-4": [readYourWrites(session), monotonicReads(session)],
    "HA-8": [readYourWrites(session), monotonicReads(session)],
    "HA-11": [staleness({ write: "saveSession", read: "peekSession" })],
    "HA-10": [staleness({ write: "saveState", read: "peekAgent" })],
    "HS-13": [staleness({ write: "saveState", read: "peekAgent" })],
  },
} satisfies Experiment;

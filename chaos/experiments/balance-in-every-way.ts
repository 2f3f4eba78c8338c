/**
 * Stresses statelessness: the balancer chooses instances by the client's address, at random, in turn and by their open connections, one after another
 * under one load, so that clients are moved from instance to instance. A broken system remembers in an instance what its clients need elsewhere, or a broken
 * balancer gives one instance more than its share.
 */
import { equalShares, oneInstanceForAll, roundRobin } from "../../harness/checkers/distribution.ts";
import { oneContent } from "../../harness/checkers/one-content.ts";
import { monotonicReads, readYourWrites } from "../../harness/checkers/sessions.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const session = { write: "saveSession", read: "readSession" };
export default {
  id: "balance-in-every-way",
  title: "Sessions under every balancing strategy in turn",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: [],
  load: { scenario: "share-state", perSecond: 90 },
  // Between two of them, and after the last, the target's own way is back.
  schedule: (random) =>
    random.shuffle(["ip_hash", "random", "round_robin"]).map((balancing, i) => ({
      fault: "reload-balancer",
      on: "balancer",
      atMs: i * 7000 + random.integer(0, 500),
      forMs: 5000,
      options: { balancing },
    })),
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 2500, operationsPerFault: 250, steady: true },
  claims: {
    "LG-13": [equalShares({ role: "api" })],
    "LG-1": [readYourWrites(session), monotonicReads(session), oneContent({ ...session, content: "n" })],
    "HA-6": [roundRobin({ role: "api", workers: 2 }), oneInstanceForAll({ role: "api" }), equalShares({ role: "api" })],
  },
} satisfies Experiment;

/**
 * Stresses changes of agents that took effect and whose answers never come: again and again no instance hears anything from Postgres for most of a second, while tools think and then write what they have thought. A
 * broken system takes its own write for somebody else's and refuses what it has done, stumbles over it, or says that it has done what it has not.
 */
import { appendsKept } from "../../harness/checkers/appends-kept.ts";
import { availability } from "../../harness/checkers/availability.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const times = 6;

export default {
  id: "lose-the-answers-to-appends",
  title: "Answers of Postgres to changes of agents that API instances never hear",
  profile: "weekly",
  safety: "weekly",
  topology: { api: 3, queue: 0 },
  proxied: ["*->postgres"],
  // Some are always thinking, and most of these write before Postgres is heard again; for no lease of 3 s is it silent too long.
  load: { scenario: "append-texts", perSecond: 60, settings: { THINK_MS: 600, OTHERS_MS: 500 } },
  schedule: (random) =>
    Array.from({ length: times }, (_, i) => ({
      ...{ fault: "one-way-black-hole", on: "*->postgres", atMs: i * 4000 + random.integer(0, 500), forMs: random.integer(500, 900) },
      options: { stream: "downstream" },
    })),
  settleMs: 30_000,
  drainMs: 0,
  coverage: { operations: 1500, operationsPerFault: 30, steady: true },
  claims: {
    "LG-14": [appendsKept({ append: "append", read: "readBlock" }), availability({ f: ["append"], atLeast: 0.99, fault: "one-way-black-hole" })],
  },
} satisfies Experiment;

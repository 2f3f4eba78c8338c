/**
 * Stresses statements that took effect and whose answers never come: one queue instance after another hears nothing from Postgres for two seconds, in the midst of claims, of steps and tokens that are
 * made durable, and of ends. A broken system sends again what counts twice then, claims anew and forgets what it has claimed, or takes its own write for somebody else's and leaves the run.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { lostAnswersAbsorbed } from "../../harness/checkers/lost-answers.ts";
import { streamsOrdered, streamsUnique } from "../../harness/checkers/streams.ts";
import { toldOfOnce } from "../../harness/checkers/streams-tell-once.ts";
import { streamsWhole } from "../../harness/checkers/streams-whole.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** Of one instance so often. */
const times = 2;

export default {
  id: "lose-the-answers",
  title: "Answers of Postgres that queue instances never hear",
  profile: "weekly",
  safety: "weekly",
  proxied: ["queue->postgres"],
  // Each of some ten longer runs makes something durable ten times a second.
  load: { scenario: "create-and-wait", perSecond: 50, settings: { LONGER: JSON.stringify([{ share: 0.14, steps: 7, stepMs: 200, tokens: 4 }]) } },
  streams: { ofCreated: "create", everyNth: 2 },
  schedule(random, topology) {
    const instances = Array.from({ length: topology.queue ?? 0 }, (_, i) => `queue-${i + 1}`);
    return Array.from({ length: times }, () => random.shuffle(instances))
      .flat()
      .map((instance, i) => ({
        ...{ fault: "one-way-black-hole", on: `${instance}->postgres`, atMs: i * 3500 + random.integer(0, 500), forMs: random.integer(500, 900) },
        options: { stream: "downstream" },
      }));
  },
  settleMs: 30_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 50, steady: true },
  claims: {
    "LG-14": [lostAnswersAbsorbed],
    "LG-3": [toldOfOnce, streamsOrdered, streamsUnique, streamsWhole({ withinMs: 8000 })],
    "LG-5": exactlyOnce({ boundMs: 9000 }),
  },
} satisfies Experiment;

/**
 * Stresses retries of attempts: inside Postgres, the steps of some runs meet serialisation failures or deadlocks for longer than a statement is sent again, once, twice, three times or
 * without end, by the run's id, and handlers are killed meanwhile. A broken system gives such a run up too early, or never, or counts the death of its handler among its failures.
 */
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { retriesBounded } from "../../harness/checkers/retries.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

/** By parts per thousand of all runs: how often an attempt of theirs fails. Each failure holds a slot for the budget of an outage. */
const failures = `case when part < 5 then 1 when part < 10 then 2 when part < 18 then 3 when part < 34 then 1000 else 0 end`;
const meets = `new.status in ('running', 'success') and new.step > old.step
  and old.failures < (select ${failures} from (select mod(abs(hashtext(new.id::text)), 1000) as part) as of_run)`;

export default {
  id: "fail-attempts",
  title: "Attempts fail on transient errors of Postgres, up to and beyond their retries, while handlers die",
  profile: "nightly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 30 },
  schedule: (random, topology) => [
    {
      ...{ fault: "inject-sqlstate", on: "postgres", atMs: random.integer(0, 500), forMs: 46_000 },
      options: { table: "runs", write: "update", when: meets, sqlstate: random.pick(["40001", "40P01"]) },
    },
    // A run that fails without end is under way for twenty seconds, so that some are when their handler dies; and has the time to be found, tried again and given up.
    ...[3000, 7000, 11_000].map((atMs) => ({
      ...{ fault: "kill", on: `queue-${random.integer(1, topology.queue ?? 1)}` },
      ...{ atMs: atMs + random.integer(0, 500), forMs: random.integer(800, 1200) },
    })),
  ],
  settleMs: 45_000,
  drainMs: 40_000,
  coverage: { operations: 1500, operationsPerFault: 120, steady: true },
  claims: { "LG-6": [retriesBounded({ retries: 3 })], "LG-5": exactlyOnce({ boundMs: 12_000 }) },
} satisfies Experiment;

/**
 * Stresses the communication with Postgres: it is restarted fast and then immediately (backends die in mid-statement, a COMMIT may be
 * lost on its way back) and stays away for seconds that the declared budget covers, while every instance is asked for its health. A broken system answers with errors at once, loses
 * an acknowledged run, claims or completes one twice because it repeats a statement whose first try had been committed, or says that all is well.
 */
import { availability, noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { healthTold } from "../../harness/checkers/health-told.ts";
import { noneEndsByItself } from "../../harness/checkers/none-ends.ts";
import { readyAndLive } from "../../harness/checkers/ready-and-live.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

export default {
  id: "restart-postgres",
  title: "Restart Postgres under load, fast and immediate",
  profile: "default",
  safety: "weekly",
  proxied: [],
  load: { scenario: "create-and-wait", perSecond: 60 },
  schedule(random) {
    const modes = random.shuffle(["fast", "immediate"]);
    return modes.map((mode, i) => ({
      fault: "restart-postgres",
      on: "postgres",
      atMs: i * 10_000 + random.integer(0, 500),
      forMs: random.integer(2800, 3200),
      options: { mode, page: "/api/v1/health" },
    }));
  },
  settleMs: 30_000,
  drainMs: 29_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-10": [
      availability({ f: ["create"], atLeast: 0.99, fault: "restart-postgres", p95AddedMs: 6000 }),
      availability({ f: ["wait"], orWith: ["create"], atLeast: 0.99, fault: "restart-postgres" }),
      noAcknowledgedWriteLost,
      noneEndsByItself,
    ],
    "LG-5": exactlyOnce({ boundMs: 8_000 }),
    "HA-12": [healthTold({ components: ["postgres"], toldWithinMs: 2500, answerWithinMs: 1500 })],
    "AB-8": [readyAndLive({ components: ["postgres"], needed: "postgres", answerWithinMs: 5000 })],
  },
} satisfies Experiment;

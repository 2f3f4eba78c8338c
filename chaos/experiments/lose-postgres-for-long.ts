/**
 * Stresses an outage longer than anybody is kept waiting: Postgres is stopped and stays away for three budgets. A broken system lets its clients
 * hang, tells them that their runs, sessions, memories or keys never were, piles up what waits, reports itself ready or dies, needs a restart when the database is back, for runs or for queries, or keeps the runs that it had to leave meanwhile.
 */
import { noAcknowledgedWriteLost } from "../../harness/checkers/availability.ts";
import { exactlyOnce } from "../../harness/checkers/exactly-once.ts";
import { leftBehindInTime } from "../../harness/checkers/left-behind.ts";
import { type Asked, notForgotten } from "../../harness/checkers/not-forgotten.ts";
import { failsFast, refusesClearly, unreadyButAlive } from "../../harness/checkers/outage.ts";
import { servesAgain } from "../../harness/checkers/serves-again.ts";
import { field, textField } from "../../harness/checkers/trail.ts";
import { versionOf } from "../../harness/checkers/versions.ts";
import type { Experiment } from "../../harness/core/experiment.ts";
import type { Json, Operation } from "../../harness/core/history.ts";

/** What is there for certain, and asked for all the time: an outage is no reason to say that it is not there. */
const isThere = (read: Operation): boolean => versionOf(read) > 0;
const made: readonly Asked[] = [
  { made: "saveSession", read: "readSession", there: isThere, copied: true },
  { made: "archive", read: "readAgent", there: isThere, copied: false },
  { made: "archive", read: "peekAgent", there: isThere, copied: true },
  { made: "archive", read: "recall", there: ({ input, output }) => textsIn(output).includes(textField(input, "text")), copied: false },
  { made: "makeKey", read: "useKey", there: ({ output }) => textField(output, "role") !== "none", copied: true },
];
const looks = made.map(({ read }) => read);
const textsIn = (output: Json): readonly Json[] => (field(output, "texts") ?? []) as readonly Json[];

export default {
  id: "lose-postgres-for-long",
  title: "Lose Postgres for longer than the outage budget",
  profile: "nightly",
  proxied: [],
  // More than are in progress at an instance by the end of the budget, and fewer than fail: places that failed queries kept would be missed.
  settings: { api: { QUERIES_AT_ONCE: "30" } },
  load: { scenario: "create-and-wait", perSecond: 58, settings: { ASK_EVERY: 8, LOOK_EVERY: 174 } },
  streams: { ofCreated: "create", everyNth: 20 },
  schedule: (random) => [
    {
      fault: "restart-postgres",
      on: "postgres",
      atMs: random.integer(0, 500),
      forMs: random.integer(14_000, 16_000),
      options: { mode: random.pick(["fast", "immediate"]) },
    },
  ],
  settleMs: 45_000,
  drainMs: 30_000,
  coverage: { operations: 2000, operationsPerFault: 200, steady: true },
  claims: {
    "LG-11": [
      failsFast({ f: ["create", "ask", ...looks] }),
      refusesClearly({ f: ["create", "ask", "stream", ...looks] }),
      notForgotten(...made),
      unreadyButAlive,
      servesAgain({ f: ["create"] }),
      servesAgain({ f: ["ask"] }),
      noAcknowledgedWriteLost,
    ],
    "LG-5": exactlyOnce({ boundMs: 12_000 }),
    "LG-8": [leftBehindInTime],
  },
} satisfies Experiment;

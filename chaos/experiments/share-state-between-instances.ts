/**
 * Stresses what instances share: sessions, agents, roles and keys are written through one instance and read and used through the others while an instance is killed, Redis
 * loses every key, one instance can neither tell the others of its writes nor hear of theirs, and Postgres refuses some writes for good. A broken system
 * forgets a session with its instance or while it is in use, shows a client less than it has seen or refuses it for a copy that has less, goes on answering from a cache that nobody told, shows what was never committed, knows a key where it was made and
 * nowhere else, or lets a client do what a role allowed that it has lost.
 */
import { countedOnce } from "../../harness/checkers/counted-once.ts";
import { keptAlive } from "../../harness/checkers/kept-alive.ts";
import { type KeyNames, keysAcceptedAlike, rolesShared } from "../../harness/checkers/keys.ts";
import { notRefusedAsBehind } from "../../harness/checkers/not-behind.ts";
import { oneContent } from "../../harness/checkers/one-content.ts";
import { monotonicReads, readYourWrites } from "../../harness/checkers/sessions.ts";
import { refreshed, staleness } from "../../harness/checkers/staleness.ts";
import type { Experiment } from "../../harness/core/experiment.ts";

const session = { write: "saveSession", read: "readSession" };
const content = "n";
const keys: KeyNames = {
  ...{ give: "giveRole", make: "makeKey", end: "endKey", use: "useKey", enter: "listRoles" },
  ...{ roles: ["user", "auditor", "admin"], allowed: ["auditor", "admin"] },
};
/** Longer than a copy may be answered (s). */
const keyRestS = 2.7;

/** A message takes milliseconds; a copy would last for two seconds. */
const refreshedMs = 1000;

/** Writes of the table are refused for good, between what is done before them and what is done after them. */
const refused = (table: string, when: string, seed: number) => ({
  ...{ fault: "inject-sqlstate", on: "postgres", forMs: 1500 },
  options: { table, write: "update", when, percent: 20, seed, sqlstate: "23514" },
});

export default {
  id: "share-state-between-instances",
  title: "Share sessions, caches, roles and keys while an instance dies, Redis forgets and one is cut off",
  profile: "nightly",
  topology: { api: 3, queue: 0 },
  proxied: ["api->redis"],
  load: { scenario: "share-state", perSecond: 80, settings: { WATCH_SHARE: 0.015, KEY_EVERY: 64, KEY_REST_S: keyRestS, BRIEF_EVERY: 160 } },
  schedule(random) {
    // The killed one gets no requests for a while: another is cut off.
    const [killed, cutOff] = random.shuffle(["api-1", "api-2", "api-3"]);
    return [
      { fault: "kill", on: `${killed}`, atMs: random.integer(0, 500), forMs: random.integer(1500, 2500) },
      { fault: "flush-redis", on: "redis", atMs: 6000 + random.integer(0, 500), forMs: random.integer(1000, 1500) },
      { fault: "partition", on: `${cutOff}->redis`, atMs: 11_000 + random.integer(0, 500), forMs: random.integer(6000, 7000) },
      { ...refused("sessions", "true", random.integer(0, 1_000_000)), atMs: 19_000 + random.integer(0, 500) },
      // Of an agent's change the last statement, after it has been entered.
      { ...refused("agents", "new.version > old.version", random.integer(0, 1_000_000)), atMs: 22_000 + random.integer(0, 500) },
    ];
  },
  // nginx keeps an instance that refused three connections out of rotation for 30 s.
  settleMs: 45_000,
  drainMs: 0,
  coverage: { operations: 2500, operationsPerFault: 150, steady: true },
  claims: {
    "AB-4": [
      readYourWrites(session),
      monotonicReads(session),
      oneContent({ ...session, content }),
      countedOnce({ add: "addCost", read: "readSession" }),
      rolesShared(keys),
      keptAlive({ write: "saveBriefly", read: "readBrief" }),
    ],
    "HS-22": [keysAcceptedAlike(keys)],
    "HA-8": [
      readYourWrites(session),
      monotonicReads(session),
      oneContent({ ...session, content }),
      notRefusedAsBehind({ ...session, write: ["saveSession", "addCost"] }),
    ],
    "HA-11": [
      staleness({ write: "saveSession", read: "peekSession" }),
      oneContent({ write: "saveSession", read: "peekSession", content }),
      oneContent({ write: "saveState", read: "peekAgent", content }),
    ],
    "HA-10": [staleness({ write: "saveState", read: "peekAgent" }), refreshed({ write: "saveState", read: "peekAgent" }, refreshedMs)],
    "HS-13": [staleness({ write: "saveState", read: "peekAgent" }), oneContent({ write: "saveState", read: "peekAgent", content })],
  },
} satisfies Experiment;

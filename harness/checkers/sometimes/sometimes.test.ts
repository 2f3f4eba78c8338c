/** Each situation where it is met, and where something is missing that makes it another one. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Json } from "../../core/history.ts";
import { seeded } from "../../core/random.ts";
import type { Evidence, Situation } from "../../core/verdict.ts";
import { created, evidence, injected, ledger, operation, trail, writes } from "../fixtures.ts";
import { generate } from "../generate.ts";

const names = (await readdir(import.meta.dirname)).filter((file) => !file.endsWith(".test.ts")).map((file) => file.slice(0, -3));
const situations = new Map<string, Situation>();
for (const name of names) situations.set(name, (await import(join(import.meta.dirname, `${name}.ts`))).default);

const kill = injected("kill", "queue-1", 1000, 4000);
const pause = injected("pause", "queue-1", 1000, 8000);
const two = ledger("run", [500, "enter", "r1", 1, "queue-1"], [600, "step", "r1", 1, "queue-1", 1]);
const cancel = (outcome: "ok" | "fail", by: string, at: number) =>
  operation({ f: "cancel", key: "r1", input: { run: "r1" }, invokedAt: at, outcome, served: outcome === "ok" ? "yes" : "shed", by });
const turn = (token: number, invokedAt: number, completedAt: number) =>
  operation({ f: "turn", key: "a1", invokedAt, completedAt, output: { agent: "a1", token, version: token } });
const stream = (lastEventId: number, invokedAt: number, outcome: "ok" | "info", events: readonly Json[]) =>
  operation({ f: "stream", key: "r1", input: { lastEventId }, invokedAt, outcome, output: { events } });
const event = (id: number, attempt: number): Json => ({ id, kind: "step", attempt, at: 100 * id });

/** By the situation: evidence in which it is met, and evidence that lacks one thing. */
const cases: Readonly<Record<string, readonly [met: Partial<Evidence>, not: Partial<Evidence>]>> = {
  "killed-holding-a-lock": [
    {
      faults: injected("kill", "api-1", 1000, 4000),
      ledger: ledger("lock", [900, "enter", "a1", 7, "api-1"], [1010, "closed", "a1", 7, "api-1"]),
    },
    {
      faults: injected("kill", "api-1", 1000, 4000),
      ledger: ledger("lock", [900, "enter", "a1", 7, "api-1"], [990, "exit", "a1", 7, "api-1"], [900, "enter", "a2", 8, "api-2"]),
    },
  ],
  "killed-between-steps": [
    { faults: kill, ledger: [...two, ...ledger("run", [1010, "closed", "r1", 1, "queue-1"])] },
    // It had not done anything yet.
    { faults: kill, ledger: ledger("run", [990, "enter", "r1", 1, "queue-1"], [1010, "closed", "r1", 1, "queue-1"]) },
  ],
  "killed-with-every-slot-taken": [
    { faults: kill, ledger: ledger("run", ...Array.from({ length: 10 }, (_, i) => [900, "enter", `r${i}`, 1, "queue-1"] as const)) },
    {
      faults: kill,
      ledger: ledger("run", ...Array.from({ length: 10 }, (_, i) => [900, "enter", `r${i}`, 1, i > 0 ? "queue-1" : "queue-2"] as const)),
    },
  ],
  "completion-raced-a-sweep": [
    {
      ledger: ledger("run", [500, "enter", "r1", 1, "queue-1"], [7000, "exit", "r1", 1, "queue-1"]),
      transitions: trail([6800, "r1", "running", "pending", 1, "", "queue-2"]),
    },
    {
      // It gave the run back itself.
      ledger: ledger("run", [500, "enter", "r1", 1, "queue-1"], [7000, "exit", "r1", 1, "queue-1"]),
      transitions: trail([6800, "r1", "running", "pending", 1, "", "queue-1"]),
    },
  ],
  "cancel-met-a-finished-run": [
    { operations: [cancel("fail", "api-1", 2000)], transitions: trail([1000, "r1", "running", "success", 1, "", "queue-1"]) },
    { operations: [cancel("fail", "api-1", 2000)], transitions: trail([1000, "r1", "running", "cancelled", 1, "", "api-2"]) },
  ],
  "cancel-reached-another-instance": [
    { operations: [cancel("ok", "api-1", 2000)], ledger: two },
    { operations: [cancel("ok", "queue-1", 2000)], ledger: two },
  ],
  "sleeper-woke-beside-its-successor": [
    {
      faults: pause,
      ledger: ledger(
        "run",
        ...([
          [500, "enter", "r1", 1, "queue-1"],
          [7000, "enter", "r1", 2, "queue-2"],
          [8010, "exit", "r1", 1, "queue-1"],
        ] as const),
        [9000, "exit", "r1", 2, "queue-2"],
      ),
    },
    {
      faults: pause,
      // The successor had long finished.
      ledger: ledger(
        "run",
        ...([
          [500, "enter", "r1", 1, "queue-1"],
          [7000, "enter", "r1", 2, "queue-2"],
          [7500, "exit", "r1", 2, "queue-2"],
        ] as const),
        [8010, "exit", "r1", 1, "queue-1"],
      ),
    },
  ],
  "holder-woke-after-its-successor-wrote": [
    {
      faults: pause,
      ledger: ledger("lock", [900, "enter", "a1", 7, "queue-1"], [8010, "exit", "a1", 7, "queue-1"]),
      writes: writes([6000, "a1", 8, 1, "queue-2"]),
    },
    {
      faults: pause,
      ledger: ledger("lock", [900, "enter", "a1", 7, "queue-1"], [8010, "exit", "a1", 7, "queue-1"]),
      writes: writes([6000, "a1", 7, 1, "queue-1"], [9000, "a1", 8, 2, "queue-2"]),
    },
  ],
  "faults-overlapped": [
    { faults: [...injected("kill", "queue-1", 1000, 4000), ...injected("pause", "queue-2", 3000, 5000)] },
    { faults: [...injected("kill", "queue-1", 1000, 4000), ...injected("pause", "queue-2", 4100, 5000), ...injected("scale", "queue", 2000, 3000)] },
  ],
  "third-attempt": [
    { transitions: trail([1000, "r1", "pending", "running", 3, "queue-1", "queue-1"]) },
    { transitions: trail([1000, "r1", "pending", "running", 2, "queue-1", "queue-1"], [2000, "r1", "running", "pending", 3, "", "queue-2"]) },
  ],
  "unanswered-create-was-made": [
    {
      operations: [operation({ f: "create", invokedAt: 1000, answeredAt: 5000, outcome: "info" })],
      transitions: trail([1100, "r1", null, "pending", 0, "", "api-1"]),
    },
    {
      operations: [operation({ f: "create", invokedAt: 1000, answeredAt: 5000, outcome: "info" }), created("r1", 1050)],
      transitions: trail([1100, "r1", null, "pending", 0, "", "api-1"]),
    },
  ],
  "outlived-a-restart-of-postgres": [
    { faults: injected("restart-postgres", "postgres", 1000, 3000), ledger: [...two, ...ledger("run", [4000, "exit", "r1", 1, "queue-1"])] },
    { faults: injected("restart-postgres", "postgres", 1000, 3000), ledger: [...two, ...ledger("run", [2000, "exit", "r1", 1, "queue-1"])] },
  ],
  "outlived-an-outage-of-redis": [
    { faults: injected("partition", "queue-1->redis", 1000, 3000), ledger: [...two, ...ledger("run", [4000, "exit", "r1", 1, "queue-1"])] },
    { faults: injected("partition", "queue-2->redis", 1000, 3000), ledger: [...two, ...ledger("run", [4000, "exit", "r1", 1, "queue-1"])] },
  ],
  "retried-after-an-injected-error": [
    {
      faults: injected("inject-sqlstate", "postgres", 1000, 3000),
      transitions: trail(
        [500, "r1", "pending", "running", 1, "queue-1", "queue-1"],
        [2000, "r1", "running", "pending", 1, "", "queue-1"],
        [2500, "r1", "pending", "running", 2, "queue-2", "queue-2"],
      ),
    },
    {
      // It was told to stop.
      faults: [...injected("inject-sqlstate", "postgres", 1000, 3000), ...injected("terminate", "queue-1", 1500, 4000)],
      transitions: trail(
        [500, "r1", "pending", "running", 1, "queue-1", "queue-1"],
        [1510, "r1", "running", "pending", 1, "", "queue-1"],
        [2500, "r1", "pending", "running", 2, "queue-2", "queue-2"],
      ),
    },
  ],
  "drain-gave-a-run-back": [
    {
      faults: [
        { time: 1000, id: "terminate#1", fault: "terminate", on: "queue-1", phase: "requested", evidence: "", working: [] },
        { time: 4000, id: "terminate#1", fault: "terminate", on: "queue-1", phase: "biting", evidence: "", working: [] },
      ],
      transitions: trail([2000, "r1", "running", "pending", 1, "", "queue-1"]),
    },
    {
      faults: [
        { time: 1000, id: "terminate#1", fault: "terminate", on: "queue-1", phase: "requested", evidence: "", working: [] },
        { time: 4000, id: "terminate#1", fault: "terminate", on: "queue-1", phase: "biting", evidence: "", working: [] },
      ],
      transitions: trail([2000, "r1", "running", "pending", 1, "", "queue-2"]),
    },
  ],
  "waited-for-a-lock-elsewhere": [
    {
      operations: [turn(7, 900, 1600), turn(8, 1200, 1900)],
      ledger: ledger("lock", [1000, "enter", "a1", 7, "api-1"], [1500, "exit", "a1", 7, "api-1"], [1510, "enter", "a1", 8, "api-2"]),
    },
    {
      // Nobody held it when it was asked for.
      operations: [turn(7, 900, 1600), turn(8, 1505, 1900)],
      ledger: ledger("lock", [1000, "enter", "a1", 7, "api-1"], [1500, "exit", "a1", 7, "api-1"], [1510, "enter", "a1", 8, "api-2"]),
    },
  ],
  "stream-resumed-after-a-cut": [
    { operations: [stream(0, 100, "info", [event(1, 1), event(2, 1)]), stream(2, 400, "ok", [event(3, 1)])] },
    // The client broke off by itself.
    { operations: [stream(0, 100, "ok", [event(1, 1), event(2, 1)]), stream(2, 400, "ok", [event(3, 1)])] },
  ],
  "stream-spanned-attempts": [
    { operations: [stream(0, 100, "ok", [event(1, 1), event(2, 2)])] },
    { operations: [stream(0, 100, "ok", [event(1, 1), event(2, 1)]), stream(2, 400, "ok", [event(3, 2)])] },
  ],
};

test("every situation is tried here", () => expect(Object.keys(cases).sort()).toEqual(names.sort()));

test.each(names)("%s is seen where it is met, told with where to look it up, and not seen without it", (name) => {
  const { what, sightings } = situations.get(name) as Situation;
  const [met, not] = cases[name] ?? [{}, {}];
  expect(what).toMatch(/^[a-z].*[^.]$/);
  const seen = sightings(evidence(met));
  expect(seen).toHaveLength(1);
  expect(seen[0]?.time).toBeGreaterThan(0);
  expect(seen[0]?.text).toMatch(/[#\d].*\.$/);
  expect(sightings(evidence(not))).toEqual([]);
  expect(sightings(evidence())).toEqual([]);
});

test("executions of all kinds meet most of them, and never at a time outside of the record", () => {
  const met = new Set<string>();
  for (let seed = 1; seed <= 30; seed++) {
    const whole = generate(seeded(seed));
    for (const [name, { sightings }] of situations) {
      for (const { time } of sightings(whole)) {
        met.add(name);
        expect(time).toBeGreaterThanOrEqual(0);
        expect(time).toBeLessThanOrEqual(whole.endsAt);
      }
    }
  }
  // The simulated world has no stream, no polite end and no restart of Postgres, and its instances have slots enough.
  const absent = ["drain-gave-a-run-back", "killed-with-every-slot-taken", "outlived-a-restart-of-postgres", "retried-after-an-injected-error"];
  expect(names.filter((name) => !met.has(name))).toEqual([...absent, "stream-resumed-after-a-cut", "stream-spanned-attempts"]);
});

import { expect, test } from "vitest";
import type { Json, Operation } from "../core/history.ts";
import { created, evidence, operation, trail } from "./fixtures.ts";
import { toldOfOnce } from "./streams-tell-once.ts";

type Told = readonly [kind: string, attempt: number, of?: string];

const events = (told: readonly Told[]): Json =>
  told.map(([kind, attempt, of], i) => ({ ...{ id: i + 1, kind, attempt }, ...(of === undefined ? {} : { of }) })) as unknown as Json;
const stored = (told: readonly Told[], complete = true): Operation =>
  operation({ f: "events", key: "r1", invokedAt: 9000, output: { events: events(told), complete } });
const streamed = (told: readonly Told[]): Operation => operation({ f: "stream", key: "r1", invokedAt: 900, output: { events: events(told) } });
const ended = trail(
  [100, "r1", null, "pending", 0, "", "api-1"],
  [200, "r1", "pending", "running", 2, "queue-1", "queue-1"],
  [900, "r1", "running", "success", 2, "queue-1", "queue-1"],
);
const judged = (operations: readonly Operation[], transitions = ended) =>
  toldOfOnce(evidence({ operations: [created("r1", 50, { steps: 2 }), ...operations], transitions }));

/** A first attempt that came as far as its first step, and one that ended the run. */
const good: readonly Told[] = [
  ["attempt", 1, ""],
  ["tokens", 1, "1 0"],
  ["step", 1, "1"],
  ["requeue", 1, ""],
  ["attempt", 2, ""],
  ["tokens", 2, "1 0"],
  ["tokens", 2, "1 4"],
  ["step", 2, "1"],
  ["step", 2, "2"],
  ["end", 2, ""],
];

test("a run that was told of step by step holds, also where a second attempt repeats the first", () => {
  expect(judged([stored(good)])).toMatchObject({ verdict: "holds", examined: 10, numbers: { wholeRuns: 1 } });
  expect(judged([streamed(good)])).toMatchObject({ verdict: "holds", numbers: { wholeRuns: 0 } });
});

test("what an attempt tells of twice violates, by whomever it was heard", () => {
  for (const [i, twice] of [
    [2, '"tokens 1 0" of attempt 1 in event 2 and again in event 3'],
    [8, '"step 1" of attempt 2 in event 8 and again in event 9'],
    [10, '"end"'],
  ] as const)
    for (const from of [stored, streamed]) {
      const again = good.slice(0, i).concat(good.slice(i - 1));
      expect(judged([from(again)])).toMatchObject({ verdict: "violated", count: 1 });
      expect(judged([from(again)]).summary).toContain(twice);
    }
});

test("a step that a run which ended well was never told of violates, once the store has its end", () => {
  const lacking = good.filter(([, attempt, of]) => attempt !== 2 || of !== "2");
  expect(judged([stored(lacking)]).summary).toContain("tell of 1 of 2 steps (transition 2)");
  expect(judged([streamed(lacking)]).verdict).toBe("holds");
  expect(judged([stored(lacking, false)]).verdict).toBe("holds");
  const cancelled = [...ended.slice(0, 2), ...trail([900, "r1", "running", "cancelled", 2, "", "api-1"])];
  expect(judged([stored(lacking)], cancelled).verdict).toBe("holds");
});

test("events that do not say what they tell of prove nothing", () => {
  expect(judged([stored(good.map(([kind, attempt]) => [kind, attempt]))]).verdict).toBe("inconclusive");
  expect(judged([]).verdict).toBe("inconclusive");
});

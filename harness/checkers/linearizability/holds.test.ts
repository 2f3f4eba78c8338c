import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Operation } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import { seeded } from "../../core/random.ts";
import { fewerExecutions } from "../executions.ts";
import { operation } from "../fixtures.ts";
import fencedMutex from "../models/fenced-mutex.ts";
import mutex from "../models/mutex.ts";
import ownerMutex from "../models/owner-mutex.ts";
import reentrantMutex from "../models/reentrant-mutex.ts";
import semaphore from "../models/semaphore.ts";
import { isLinearizable, options, simulate } from "./simulated.ts";
import { objects } from "./simulated-objects.ts";

const holds = "holds of each client";
const alternation = "alternation by first return";
const locks: readonly (readonly [name: string, model: Model, algorithm: string])[] = [
  ["mutex", mutex, alternation],
  ["owner-mutex", ownerMutex, holds],
  ["fenced-mutex", fencedMutex, holds],
  ["reentrant-mutex", reentrantMutex, holds],
  ["semaphore", semaphore, holds],
];

const call = (f: string, process: string, invokedAt: number, completedAt: number, fence?: number): Operation =>
  operation({ f, process, invokedAt, completedAt, ...(fence !== undefined && { output: { fence } }) });
const acquire = (process: string, invokedAt: number, completedAt: number, fence?: number): Operation =>
  call("acquire", process, invokedAt, completedAt, fence);
const release = (process: string, invokedAt: number, completedAt: number): Operation => call("release", process, invokedAt, completedAt);
const unknown = (one: Operation): Operation => ({ ...one, outcome: "info", completedAt: Number.POSITIVE_INFINITY });
const judge = (model: Model, operations: readonly Operation[]) =>
  model.check(
    operations.map((one, index) => ({ ...one, index })),
    options,
  );

describe.each(locks)("%s", (name, model, algorithm) => {
  const [, object] = objects.find(([of]) => of === name) as (typeof objects)[number];

  /** As the harness records: a process whose operation is of unknown outcome is not heard of again, and is the client. */
  const executed = (seed: number): Operation[] =>
    simulate(object, seeded(seed), { operations: 9, clients: 3, lost: 0.1 })
      .filter(({ outcome }) => outcome !== "fail")
      .map((one) => ({ ...one, input: { client: one.process } }));

  test("what clients saw that are retired after an unknown outcome is decided without the search, as by trying all orders", () => {
    let searched = 0;
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (seed, swap) => {
        const operations = executed(seed).map((one, i) => {
          if (!swap || i !== seed % 7 || one.outcome !== "ok") return one;
          return { ...one, f: one.f === "acquire" ? "release" : "acquire", output: one.f === "release" && name === "fenced-mutex" ? {} : null };
        });
        if (operations.length === 0) return;
        const answer = model.check(operations, options);
        expect(answer.valid).toBe(isLinearizable(object, operations));
        if (answer.algorithm !== algorithm) searched++;
      }),
      { numRuns: fewerExecutions },
    );
    // Operations that touch in time may have come in either order: then, at times, the search decides.
    expect(searched).toBeLessThan(fewerExecutions / 4);
  });

  test("many clients that wait for one lock", () => {
    const clients = 60;
    const sections = Array.from({ length: 20 * clients }, (_, i) => {
      const client = `c${i % clients}`;
      return [acquire(client, 10 * Math.max(0, i - clients + 1) + 1, 10 * i + 3, i + 1), release(client, 10 * i + 6, 10 * i + 9)];
    }).flat();
    const one = (operations: readonly Operation[]) =>
      model.check(
        operations.map((each, index) => ({ ...each, index })),
        { ...options, initial: name === "semaphore" ? 1 : null },
      );
    expect(one(sections)).toMatchObject({ valid: true, algorithm });
    // One is told that it has the lock while it still waits and another one has it.
    const told = sections.map((each, i) => (i === 2000 ? { ...each, completedAt: 9940 } : each));
    const answer = one(told);
    expect(answer).toMatchObject({ valid: false, algorithm });
    expect(answer.anomalies[0]?.operations).toContain(2000);
  });

  test("an empty history shows nothing", () => {
    expect(judge(model, [])).toMatchObject({ valid: "unknown", algorithm: "none" });
  });
});

describe("owners", () => {
  const first = [acquire("a", 0, 10), release("a", 20, 30)];
  test.each([
    ["a hold begins at the latest with the return of acquire", [...first, acquire("b", 0, 19), release("b", 40, 50)], false],
    ["and ends at the earliest with the invocation of release", [...first, acquire("b", 0, 21), release("b", 40, 50)], true],
    ["equal times are concurrent", [...first, acquire("b", 0, 20), release("b", 20, 20), acquire("c", 0, 20)], true],
    ["a moment within a hold is none", [...first, acquire("b", 0, 15), release("b", 15, 20)], false],
    ["nobody releases what another one holds", [acquire("a", 0, 10), release("b", 20, 30)], false],
    ["or what nobody holds", [release("b", 20, 30), acquire("b", 40, 50)], false],
    ["an acquire without release lasts", [acquire("a", 0, 10), acquire("b", 900, 1000)], false],
    ["a release of unknown outcome may have happened", [acquire("a", 0, 10), unknown(release("a", 20, 30)), acquire("b", 25, 40)], true],
    ["but not before it was sent", [acquire("a", 0, 10), unknown(release("a", 50, 60)), acquire("b", 25, 40)], false],
    ["nor twice", [...first, unknown(release("a", 31, 40)), acquire("b", 41, 42), acquire("c", 43, 44)], false],
    ["an acquire of unknown outcome need not have happened", [unknown(acquire("a", 0, 10)), acquire("b", 20, 30)], true],
    ["but may have", [unknown(acquire("a", 0, 10)), release("a", 20, 30), acquire("b", 25, 40)], true],
    ["it is not released before it was sent", [unknown(acquire("a", 31, 40)), release("a", 20, 30)], false],
    ["a release of unknown outcome between two acquires", [acquire("a", 0, 10), unknown(release("a", 20, 30)), acquire("a", 40, 50)], true],
  ])("%s", (_, operations, valid) => {
    for (const model of [ownerMutex, fencedMutex]) expect(judge(model, operations)).toMatchObject({ valid, algorithm: holds });
    expect(
      ownerMutex.check(
        operations.map((one, index) => ({ ...one, index })),
        { ...options, partition: false },
      ).valid,
    ).toBe(valid);
  });

  test("an unknown release and an unknown acquire inside one hold may have parted it", () => {
    const gap = [unknown(release("a", 12, 13)), unknown(acquire("a", 14, 15))];
    const others = [acquire("a", 0, 10), release("a", 90, 99), acquire("b", 20, 30), release("b", 40, 50)];
    for (const model of [ownerMutex, fencedMutex, reentrantMutex]) {
      expect(judge(model, [...gap, ...others])).toMatchObject({ valid: true, algorithm: holds });
      expect(judge(model, [...gap.slice(1), ...others])).toMatchObject({ valid: false });
      expect(judge(model, [...gap.slice(0, 1), ...others])).toMatchObject({ valid: false });
    }
  });

  test("an unknown release that was needed earlier excuses no later overlap", () => {
    const needed = [acquire("a", 0, 10), unknown(release("a", 20, 30)), acquire("a", 40, 50), release("a", 90, 99)];
    expect(judge(ownerMutex, [...needed, acquire("b", 60, 70)])).toMatchObject({ valid: false, algorithm: holds });
    expect(judge(ownerMutex, [...needed, acquire("b", 60, 90)])).toMatchObject({ valid: true, algorithm: holds });
  });
});

describe("tokens", () => {
  const section = (client: string, at: number, fence?: number): Operation[] => [acquire(client, at, at + 1, fence), release(client, at + 2, at + 3)];
  test.each([
    ["rise", [...section("a", 0, 1), ...section("b", 10, 3), ...section("a", 20, 4)], true],
    ["fall", [...section("a", 0, 3), ...section("b", 10, 1)], false],
    ["repeat, with an unknown one between", [...section("a", 0, 3), ...section("b", 10), ...section("c", 20, 3)], false],
    [
      "fall between holds that last no time, where either may be first",
      [...section("a", 0, 5), acquire("b", 9, 20, 8), release("b", 20, 21), acquire("c", 9, 20, 7), release("c", 20, 21)],
      true,
    ],
  ])("%s", (_, operations, valid) => {
    expect(judge(fencedMutex, operations)).toMatchObject({ valid, algorithm: holds });
  });
});

describe("several permits", () => {
  test("the holder's own acquires count once for a re-entrant lock, and each for a semaphore", () => {
    const twice = [acquire("a", 0, 1), acquire("a", 2, 3), release("a", 4, 5), acquire("b", 6, 7)];
    expect(judge(reentrantMutex, twice.slice(0, 3))).toMatchObject({ valid: true, algorithm: holds });
    expect(judge(reentrantMutex, twice)).toMatchObject({ valid: false, algorithm: holds });
    expect(judge(semaphore, twice)).toMatchObject({ valid: true, algorithm: holds });
    expect(judge(semaphore, [...twice, acquire("c", 8, 9)])).toMatchObject({ valid: false, algorithm: holds });
  });
});

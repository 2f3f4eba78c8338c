import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import type { Answer, Model, ModelOptions } from "../core/model.ts";
import { type Random, seeded } from "../core/random.ts";
import { operation } from "./fixtures.ts";
import casRegister from "./models/cas-register.ts";
import fifoQueue from "./models/fifo-queue.ts";
import queue from "./models/queue.ts";
import { shrink } from "./shrink.ts";

const options = { partition: true, timeLimitMs: 1000, memoryLimitBytes: 1 << 28, now: () => 0 };

/** Registers by brute force: every order that respects the times, with or without what is unknown. For small histories only. */
const registers: Model = {
  what: "Registers, one a key, by brute force.",
  aliases: [],
  check(operations) {
    const keys = Map.groupBy(operations, ({ key }) => key);
    const refused = [...keys.values()].filter((own) => !linearizable(own, null));
    const anomalies = refused.map((own) => ({ type: "nonlinearizable", text: "", operations: own.map(({ index }) => index) }));
    return {
      valid: operations.length === 0 ? "unknown" : refused.length === 0,
      algorithm: "brute force",
      operations: operations.length,
      anomalies,
      notes: [],
      numbers: {},
    };
  },
  removals: {
    suffix: true,
    keys: true,
    reads: ({ f }) => f === "read",
    values: ({ f, key, input, output }) =>
      f === "write" ? { writes: [`${key} ${input}`], observes: [] } : { writes: [], observes: [`${key} ${output}`] },
  },
};

function linearizable(left: readonly Operation[], state: unknown): boolean {
  const bound = Math.min(...left.map(({ completedAt }) => completedAt));
  if (left.every(({ outcome }) => outcome === "info")) return true;
  return left.some((next) => {
    if (next.invokedAt > bound) return false;
    const rest = left.filter((one) => one !== next);
    if (next.f === "write") return linearizable(rest, next.input);
    return (next.outcome === "info" || next.output === state) && linearizable(rest, state);
  });
}

/** A history of registers as a correct store would answer, then one read is made to answer something stale or foreign. */
function history(random: Random, anomalous: boolean): Operation[] {
  const state = new Map<string, number>();
  const made: Operation[] = Array.from({ length: random.integer(2, 14) }, (_, index) => {
    const key = random.pick(["x", "y"]);
    const invokedAt = index * 10 + random.integer(-4, 0);
    const completedAt = index * 10 + random.integer(1, 9);
    const write = random.next() < 0.5;
    if (write) state.set(key, index);
    const outcome = random.next() < 0.1 ? "info" : "ok";
    const value = write ? { f: "write", input: index } : { f: "read", output: outcome === "ok" ? (state.get(key) ?? null) : null };
    return operation({ index, process: `p${index}`, key, invokedAt, answeredAt: completedAt, outcome, ...value });
  });
  const reads = made.filter(({ f, outcome }) => f === "read" && outcome === "ok");
  if (!anomalous || reads.length === 0) return made;
  const victim = random.pick(reads);
  return made.map((one) => (one === victim ? { ...one, output: random.pick([null, -1, ...Array.from({ length: one.index }, (_, i) => i)]) } : one));
}

const shrunkBy = (model: Model, operations: readonly Operation[], by: ModelOptions, budgetMs: number) =>
  shrink(model, operations, model.check(operations, by), by, budgetMs);

test("a stale read shrinks to itself and the two writes that show it", () => {
  const write = (index: number, key: string): Operation =>
    operation({ index, f: "write", key, input: index, invokedAt: index * 10, completedAt: index * 10 + 5 });
  const read = (index: number, key: string, output: number): Operation =>
    operation({ index, f: "read", key, output, invokedAt: index * 10, completedAt: index * 10 + 5 });
  const given = [write(0, "x"), read(1, "x", 0), write(2, "y"), write(3, "x"), read(4, "x", 3), read(5, "x", 0), write(6, "x"), read(7, "x", 6)];
  const shrunk = shrunkBy(registers, given, options, 1000);
  expect(shrunk).toMatchObject({ minimal: true, answer: { valid: false } });
  expect(shrunk?.operations.map(({ index }) => index)).toEqual([0, 3, 5]);
});

test("what holds is not shrunk, nor what nobody can decide; without known removals nothing is left out", () => {
  const write = operation({ f: "write", key: "x", input: 1, invokedAt: 0 });
  const wrong = operation({ index: 1, f: "read", key: "x", output: 2, invokedAt: 20 });
  expect(shrunkBy(registers, [write], options, 1000)).toBeNull();
  expect(shrunkBy(registers, [], options, 1000)).toBeNull();
  const { removals: _, ...silent } = registers;
  expect(shrunkBy(silent, [write, wrong], options, 1000)).toMatchObject({ operations: [write, wrong], judged: 0, minimal: false });
  expect(shrunkBy(registers, [write, wrong], options, 1000)?.operations).toEqual([wrong]);
});

test("a write of unknown outcome may stay the explanation of a read, and its value goes with it", () => {
  const unknown = operation({ index: 0, f: "write", key: "x", input: 1, invokedAt: 0, outcome: "info" });
  const explained = operation({ index: 1, f: "read", key: "x", output: 1, invokedAt: 20 });
  const wrong = operation({ index: 2, f: "read", key: "x", output: 7, invokedAt: 40 });
  expect(shrunkBy(registers, [unknown, explained], options, 1000)).toBeNull();
  expect(shrunkBy(registers, [unknown, explained, wrong], options, 1000)?.operations).toEqual([wrong]);
});

test("the budget holds, and what was reached by then violates", () => {
  let time = 0;
  const slow: Model = {
    ...registers,
    check(operations, given): Answer {
      time += 10;
      return registers.check(operations, given);
    },
  };
  const given = Array.from({ length: 14 }, (_, index) => operation({ index, f: "read", key: `k${index}`, output: 1, invokedAt: index * 10 }));
  const shrunk = shrunkBy(slow, given, { ...options, now: () => time }, 25);
  expect(shrunk).toMatchObject({ minimal: false, answer: { valid: false } });
  expect(shrunk?.judged).toBeLessThanOrEqual(4);
});

test("what is left still violates, and nothing more can go", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const given = history(seeded(seed), true);
      const shrunk = shrunkBy(registers, given, options, 1000);
      expect(shrunk === null).toBe(registers.check(given, options).valid !== false);
      if (shrunk === null) return;
      refused++;
      const { operations } = shrunk;
      expect(registers.check(operations, options).valid).toBe(false);
      expect(new Set(operations.map(({ key }) => key)).size).toBe(1);
      for (const read of operations.filter(({ f }) => f === "read"))
        expect(
          registers.check(
            operations.filter((one) => one !== read),
            options,
          ).valid,
        ).not.toBe(false);
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(50);
});

test("a removal never turns a valid history into an invalid one", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const given = history(random, false);
      const { reads, values } = registers.removals ?? {};
      const value = random.pick(given).index;
      const without = given.filter((one) => {
        const named = values?.(one);
        return (
          !(reads?.(one) && random.next() < 0.5) && ![...(named?.writes ?? []), ...(named?.observes ?? [])].some((name) => name.endsWith(` ${value}`))
        );
      });
      expect(registers.check(given, options).valid).toBe(true);
      expect(registers.check(without, options).valid).not.toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("with the models of the command line: a stale compare-and-set keeps the chain of values it rests on", () => {
  const at = (index: number, f: string, input: Operation["input"], output: Operation["output"], outcome: "ok" | "fail" = "ok"): Operation =>
    operation({ index, f, input, output, process: `p${index}`, invokedAt: index * 10, answeredAt: index * 10 + 5, outcome });
  const given = [
    at(0, "write", 1, null),
    at(1, "cas", [1, 2], null),
    at(2, "read", null, 2),
    at(3, "write", 9, null),
    at(4, "read", null, 9),
    at(5, "cas", [9, 4], null),
    at(6, "read", null, 9),
    at(7, "write", 5, null),
  ];
  const shrunk = shrunkBy(casRegister, given, options, 1000);
  expect(shrunk).toMatchObject({ minimal: true, answer: { valid: false } });
  expect(shrunk?.operations.map(({ index }) => index)).toEqual([3, 5, 6]);
  // The value that was there at first is as good as any.
  expect(shrunkBy(casRegister, given, { ...options, initial: 1 }, 1000)?.operations.map(({ index }) => index)).toEqual([3, 5, 6]);
});

test("a queue that gives an element twice, and one that gives the second first", () => {
  const at = (index: number, f: string, value: number): Operation =>
    operation({
      index,
      f,
      process: `p${index}`,
      invokedAt: index * 10,
      answeredAt: index * 10 + 5,
      ...(f === "enqueue" ? { input: value } : { output: value }),
    });
  const twice = [at(0, "enqueue", 1), at(1, "enqueue", 2), at(2, "dequeue", 1), at(3, "dequeue", 2), at(4, "dequeue", 2), at(5, "enqueue", 3)];
  expect(shrunkBy(queue, twice, options, 1000)?.operations.map(({ index }) => index)).toEqual([1, 3, 4]);
  const swapped = [at(0, "enqueue", 7), at(1, "enqueue", 1), at(2, "enqueue", 2), at(3, "dequeue", 7), at(4, "dequeue", 2), at(5, "dequeue", 1)];
  const { operations = [] } = shrunkBy(fifoQueue, swapped, options, 1000) ?? {};
  expect(operations.map(({ index }) => index).slice(0, 3)).toEqual([1, 2, 4]);
  // With elements from the start their absence would be another history.
  expect(shrunkBy(queue, twice, { ...options, initial: [9] }, 1000)?.operations.length).toBe(5);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Operation } from "../../core/history.ts";
import { seeded } from "../../core/random.ts";
import { executions } from "../executions.ts";
import { operation } from "../fixtures.ts";
import casRegister from "../models/cas-register.ts";
import register from "../models/register.ts";
import { options, simulate } from "./simulated.ts";
import { objects } from "./simulated-objects.ts";

const write = (input: number, invokedAt: number, completedAt: number, more: Partial<Operation> = {}): Operation =>
  operation({ f: "write", input, invokedAt, completedAt, ...more });
const read = (output: number, invokedAt: number, completedAt: number): Operation => operation({ f: "read", output, invokedAt, completedAt });
const numbered = (operations: readonly Operation[]): Operation[] => operations.map((one, index) => ({ ...one, index }));

/** All at once, each value written twice, and then two reads of different values: only trying all sets shows that no order ends with both. */
const hopeless = (count: number): Operation[] =>
  numbered([...Array.from({ length: count }, (_, i) => write(Math.floor(i / 2), 0, 100)), read(0, 101, 102), read(1, 103, 104)]);

describe("caps", () => {
  test("the memory limit holds within 20 %, and the answer is unknown with the reason", () => {
    const memoryLimitBytes = 32 * 1024 * 1024;
    const answer = register.check(hopeless(60), { ...options, memoryLimitBytes });
    expect(answer.valid).toBe("unknown");
    expect(answer.notes.join()).toContain("memory limit of 33554432 bytes");
    const peak = answer.numbers.searchPeakBytes ?? 0;
    expect(peak).toBeLessThan(memoryLimitBytes * 1.2);
    expect(peak).toBeGreaterThan(memoryLimitBytes * 0.4);
  });

  test("the time limit ends the search, by the clock that was given", () => {
    let looks = 0;
    const answer = register.check(hopeless(60), { ...options, timeLimitMs: 1000, now: () => 100 * looks++ });
    expect(answer.valid).toBe("unknown");
    expect(answer.notes.join()).toContain("time limit of 1000 ms");
    expect(looks).toBeLessThan(14);
  });
});

describe("values that repeat", () => {
  const algorithm = "reads of what was overwritten";
  const twice = [write(1, 0, 10), write(2, 20, 30), write(1, 22, 28), write(3, 40, 50), write(3, 60, 70)];
  test.each([
    ["a value that nobody had begun to write", read(7, 80, 90), [5], false],
    ["or began to write too late", read(2, 12, 19), [5], false],
    ["every write of a value overwritten", read(1, 55, 58), [5, 2, 3], false],
    ["one of them perhaps not", read(1, 35, 45), [], true],
    ["the initial value, which was overwritten", read(0, 80, 90), [5, 4], false],
    ["the initial value, while it may be there", read(0, 5, 8), [], true],
  ])("%s", (_, one, named, valid) => {
    const answer = register.check(numbered([...twice, one]), { ...options, initial: 0 });
    expect(answer.valid).toBe(valid);
    expect(answer.algorithm === algorithm).toBe(!valid);
    expect(answer.anomalies[0]?.operations ?? []).toEqual(named);
    expect(register.check(numbered([...twice, one]), { ...options, initial: 0, partition: false }).valid).toBe(valid);
  });

  test("what is of unknown outcome may be written at any later time", () => {
    const unknown = write(1, 20, Number.POSITIVE_INFINITY, { outcome: "info" });
    expect(register.check(numbered([write(1, 0, 10), unknown, write(2, 30, 40), read(1, 80, 90)]), options).valid).toBe(true);
  });
});

describe("unknown outcomes and equal times", () => {
  const first = write(1, 0, 10);
  const unknown = write(2, 20, Number.POSITIVE_INFINITY, { outcome: "info" });
  test.each([
    ["a write of unknown outcome is seen much later", [first, unknown, read(1, 40, 50), read(2, 90, 95)], true],
    ["or never", [first, unknown, read(1, 40, 50)], true],
    ["but not undone", [first, unknown, read(2, 40, 50), read(1, 60, 70)], false],
    ["nor seen before it was sent", [first, read(2, 12, 15), unknown], false],
    ["a failed write certainly did not happen", [first, { ...unknown, completedAt: 30, outcome: "fail" as const }, read(2, 40, 50)], false],
    ["equal times are concurrent", [first, write(2, 10, 20), read(2, 20, 20), read(1, 10, 20)], true],
    ["later times are not", [first, write(2, 11, 20), read(1, 21, 22)], false],
  ])("%s", (_, operations, valid) => {
    for (const partition of [true, false]) expect(register.check(numbered(operations), { ...options, partition }).valid).toBe(valid);
  });

  test("what nobody answered says nothing", () => {
    const lost = numbered([first, operation({ f: "read", output: 7, invokedAt: 20, outcome: "info" })]);
    expect(register.check(lost, options).valid).toBe(true);
  });

  test("operations that the model does not know leave it undecided", () => {
    expect(register.check(numbered([operation({ f: "cas", input: [1, 2], invokedAt: 0 })]), options)).toMatchObject({ valid: "unknown" });
    expect(casRegister.check(numbered([operation({ f: "cas", input: 3, invokedAt: 0 })]), options)).toMatchObject({ valid: "unknown" });
  });
});

describe("registers", () => {
  const [, mostlyUnique] = objects[1] as (typeof objects)[number];

  test("a stale read is always found, by zones and by the search", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seeded(seed);
        const operations = simulate(mostlyUnique, random, { operations: 12, clients: 3, lost: 0.1 });
        // Written, overwritten and then read, one after another: no order makes up for it.
        const at = 1000;
        const stale = [write(101, at, at + 1), write(102, at + 2, at + 3), read(101, at + 4, at + 5)];
        const history = numbered([...operations, ...stale]);
        const answer = register.check(random.shuffle(history), options);
        expect(answer.valid).toBe(false);
        expect(answer.anomalies[0]?.operations).toContain(history.length - 1);
        expect(register.check(history, { ...options, partition: false }).valid).toBe(false);
      }),
      { numRuns: executions },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import { figuresOf, iterationsOf, type Work } from "./iterations.ts";

const work: Work = { operations: ["create", "wait"], isDone: ({ output }) => output === "success" };

function operation(process: string, f: string, invokedAt: number, answeredAt: number, more: Partial<Operation> = {}): Operation {
  const open = answeredAt === Number.POSITIVE_INFINITY;
  return {
    ...{ index: 0, process, f, key: "", input: null, output: f === "wait" ? "success" : null, intendedAt: invokedAt, invokedAt, answeredAt },
    ...{ completedAt: answeredAt, outcome: open ? "info" : "ok", served: open ? "error" : "yes", error: "", by: "" },
    ...more,
  };
}

describe("iterations", () => {
  it("are a client's operations in their order, from the intended start of the first to the end of the last", () => {
    const operations = [
      operation("a", "create", 10, 20, { intendedAt: 5 }),
      operation("b", "create", 12, 22),
      operation("a", "wait", 20, 500),
      operation("b", "wait", 22, 600),
      operation("a", "create", 500, 510),
    ];
    expect(iterationsOf(operations, work)).toEqual([
      { intendedAt: 5, invokedAt: 10, endedAt: 500, succeeded: true },
      { intendedAt: 12, invokedAt: 12, endedAt: 600, succeeded: true },
      { intendedAt: 500, invokedAt: 500, endedAt: Number.POSITIVE_INFINITY, succeeded: false },
    ]);
  });

  it("end with the first operation that fails, and do not succeed when the last answer says that the work is not done", () => {
    const operations = [
      operation("a", "create", 0, 10, { outcome: "fail", served: "shed" }),
      operation("a", "create", 20, 30),
      operation("a", "wait", 30, 90, { output: "running" }),
    ];
    expect(iterationsOf(operations, work).map(({ endedAt, succeeded }) => [endedAt, succeeded])).toEqual([
      [10, false],
      [90, false],
    ]);
  });
});

describe("figures of a window", () => {
  it("count what was to begin in it, errors and unanswered ones included, and what ended in it as achieved", () => {
    const iterations = [
      { intendedAt: 0, invokedAt: 0, endedAt: 1100, succeeded: true },
      { intendedAt: 1000, invokedAt: 1010, endedAt: 1500, succeeded: true },
      { intendedAt: 1500, invokedAt: 1500, endedAt: 2600, succeeded: true },
      { intendedAt: 1900, invokedAt: 1900, endedAt: Number.POSITIVE_INFINITY, succeeded: false },
      { intendedAt: 2000, invokedAt: 2000, endedAt: 2100, succeeded: true },
    ];
    expect(figuresOf(iterations, { from: 1000, to: 2000 }, 2900, false)).toMatchObject({
      ...{ operations: 3, errors: 1, achievedPerSecond: 2, p50Ms: 1000, openAtMost: 2 },
    });
    expect(figuresOf(iterations, { from: 1000, to: 2000 }, 2900, true)).toMatchObject({ operations: 2, errors: 0, achievedPerSecond: 2 });
  });

  it("tell by Little's law how many were open, in any closed loop", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 10, max: 400 }), (clients, tookMs) => {
        const iterations = Array.from({ length: clients }, (_, client) =>
          Array.from({ length: Math.ceil(10_000 / tookMs) + 1 }, (_, n) => {
            const at = n * tookMs + client / 128;
            return { intendedAt: at, invokedAt: at, endedAt: at + tookMs, succeeded: true };
          }),
        ).flat();
        const { achievedPerSecond, p50Ms, openAtMost } = figuresOf(iterations, { from: 1000, to: 9000 }, 20_000, true);
        expect(openAtMost).toBe(clients);
        expect((achievedPerSecond * p50Ms) / 1000 / clients).toBeCloseTo(1, 0);
      }),
    );
  });
});

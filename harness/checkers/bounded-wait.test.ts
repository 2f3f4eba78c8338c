import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import { boundedWait } from "./bounded-wait.ts";
import { executions } from "./executions.ts";
import { evidence, operation } from "./fixtures.ts";

const event = (phase: "requested" | "biting" | "healing" | "healed", time: number) => ({
  id: "hold-lock#1",
  fault: "hold-lock",
  on: "postgres",
  phase,
  time,
  working: [],
  text: "",
});
const faults = [event("requested", 1000), event("biting", 1100), event("healing", 4000), event("healed", 4100)];
const ask = (invokedAt: number, tookMs: number, served: Operation["served"]) =>
  operation({
    f: "create",
    invokedAt,
    completedAt: served === "yes" ? invokedAt + tookMs : Number.POSITIVE_INFINITY,
    answeredAt: invokedAt + tookMs,
    served,
    outcome: served === "yes" ? "ok" : "info",
  });
const later = operation({ f: "create", invokedAt: 50_000 });
const judge = (...operations: readonly Operation[]) =>
  boundedWait({ f: ["create"], fault: "hold-lock" })(evidence({ operations: [...operations, later], faults: faults as never }));

test("waiting for a while and being refused hold", () => {
  expect(judge(ask(1200, 2900, "yes"), ask(1300, 2000, "shed"))).toMatchObject({ verdict: "holds", examined: 2 });
});

test("waiting for too long, for ever, or failing without a word violate", () => {
  const refused = ask(1300, 2000, "shed");
  expect(judge(refused, ask(1200, 9000, "yes")).summary).toContain("waited for 9000 ms; 6000 ms are allowed");
  expect(judge(refused, ask(1200, Number.POSITIVE_INFINITY, "error")).verdict).toBe("violated");
  expect(judge(refused, ask(1200, 100, "error")).summary).toContain("was not refused but failed");
});

test("timers that lagged excuse who is late, and not who calls it a mistake", () => {
  const judgeLate = (one: Operation) =>
    boundedWait({ f: ["create"], fault: "hold-lock" })(
      evidence({ operations: [ask(1300, 2000, "shed"), one, later], faults: faults as never, lagMs: 1500 }),
    ).verdict;
  expect(judgeLate(ask(1200, 9000, "yes"))).toBe("inconclusive");
  expect(judgeLate({ ...ask(1200, 100, "error"), error: "request timeout" })).toBe("inconclusive");
  expect(judgeLate({ ...ask(1200, 100, "error"), error: "status 500" })).toBe("violated");
});

test("who could have been answered within the uncertainty when the load ended is not judged", () => {
  const open = (invokedAt: number) =>
    boundedWait({ f: ["create"], fault: "hold-lock" })(
      evidence({
        operations: [ask(1300, 2000, "shed"), ask(invokedAt, Number.POSITIVE_INFINITY, "error"), operation({ f: "get", invokedAt: 9000 })],
        faults: faults as never,
      }),
    ).verdict;
  expect([open(2990), open(2998)]).toEqual(["violated", "holds"]);
});

test("without a refusal there was no more demand than connections, and what was sent at other times says nothing", () => {
  expect(judge(ask(1200, 2900, "yes")).verdict).toBe("inconclusive");
  expect(judge(ask(500, 2000, "shed"), ask(4500, 9000, "error")).verdict).toBe("inconclusive");
  expect(judge().verdict).toBe("inconclusive");
});

test("waits within the bound are never accused, one that is too long or fails is always found, in any order of the lines", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const asked = Array.from({ length: random.integer(1, 8) }, () =>
        ask(random.integer(0, 9000), random.integer(1, 6000), random.pick(["yes", "yes", "shed"] as const)),
      );
      const check = judge(...asked);
      const during = asked.filter(({ invokedAt }) => invokedAt >= 1100 && invokedAt <= 4000);
      expect(check.verdict).toBe(during.some(({ served }) => served === "shed") ? "holds" : "inconclusive");
      expect(judge(...random.shuffle(asked)).verdict).toBe(check.verdict);
      const moment = random.integer(1100, 4000);
      const wrong = random.pick([
        ask(moment, random.integer(6006, 20_000), random.pick(["yes", "shed"] as const)),
        ask(moment, Number.POSITIVE_INFINITY, "error"),
        ask(moment, random.integer(1, 6000), "error"),
      ]);
      expect(judge(...random.shuffle([...asked, wrong])).verdict).toBe("violated");
    }),
    { numRuns: executions },
  );
});

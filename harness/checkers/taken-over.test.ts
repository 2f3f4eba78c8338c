import { expect, test } from "vitest";
import type { Evidence } from "../core/verdict.ts";
import { constants, created, evidence, injected, lateElsewhere, trail } from "./fixtures.ts";
import { takenOver, trafficLed } from "./taken-over.ts";

const faults = ["pause-active", "kill-active"];
const by = (...times: readonly (readonly [number, string])[]) =>
  trail(...times.map(([time, who], n) => [time, `r${n}`, null, "pending", 0, "", who] as const));
const acknowledged = (...times: readonly (readonly [number, string])[]) =>
  times.map(([time, who], n) => ({ ...created(`r${n}`, time - 10), by: who }));
const story = (over: Partial<Evidence> = {}): Evidence =>
  evidence({
    constants: { ...constants, takeoverMs: 10_000 },
    faults: [...injected("pause-active", "api-1", 20_000, 30_000), ...injected("kill-active", "queue-1", 40_000, 50_000)],
    transitions: by([19_000, "api-1"], [28_000, "api-2"], [39_000, "queue-1"], [47_000, "queue-2"]),
    operations: acknowledged([19_000, "api-1"], [30_500, "api-2"], [90_000, "api-2"]),
    ...over,
  });
const over = takenOver({ faults });
const led = trafficLed({ faults, f: "create", balancerMs: 1000 });

test("another one that acts in time holds", () => {
  expect(over(story())).toMatchObject({ verdict: "holds", numbers: { takeovers: 2, slowestMs: 8000 } });
  expect(led(story())).toMatchObject({ verdict: "holds", examined: 1, numbers: { slowestMs: 10_500 } });
});
test("one that acts late, or never, violates", () => {
  const late = story({ transitions: by([19_000, "api-1"], [33_000, "api-2"], [39_000, "queue-1"]) });
  expect(over(late)).toMatchObject({ verdict: "violated", count: 2 });
  expect(over(late).summary).toBe(
    "api-1 was gone from 20.000 s on (pause-active#1), and another one wrote only 13000 ms later; 10000 ms are allowed. (1 more)",
  );
  expect(led(story({ operations: acknowledged([19_000, "api-1"], [31_500, "api-2"], [90_000, "api-2"]) })).verdict).toBe("violated");
  // That the one which was struck is back replaces nobody.
  expect(led(story({ operations: acknowledged([19_000, "api-1"], [25_000, "api-1"], [90_000, "api-1"]) })).verdict).toBe("violated");
});
test("a miss decides nothing where timers lagged or the load had ended, and neither does nothing at all", () => {
  const late = { transitions: by([19_000, "api-1"], [33_000, "api-2"], [47_000, "queue-2"]) };
  expect(over(story({ ...late, lagMs: 2500 })).verdict).toBe("inconclusive");
  expect(over(story({ ...late, operations: acknowledged([19_000, "api-1"]) })).verdict).toBe("inconclusive");
  expect(over(story({ faults: [] })).verdict).toBe("inconclusive");
  expect(led(story({ operations: [] })).verdict).toBe("inconclusive");
});
test("a target that declares no bound is not judged", () => {
  expect(over(story({ constants })).verdict).toBe("out of reach");
  expect(led(story({ constants })).verdict).toBe("out of reach");
});

test("a lag of another time hides no miss", () => {
  const late = { transitions: by([19_000, "api-1"], [33_000, "api-2"], [39_000, "queue-1"], [47_000, "queue-2"]) };
  expect(over(story({ ...late, ...lateElsewhere(25_000, 95_000, 5000) })).verdict).toBe("violated");
});

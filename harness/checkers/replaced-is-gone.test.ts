import { expect, test } from "vitest";
import type { Evidence } from "../core/verdict.ts";
import { evidence, injected, lateElsewhere, operation, trail } from "./fixtures.ts";
import { replacedIsGone } from "./replaced-is-gone.ts";

const check = replacedIsGone({ fault: "pause-active", aloneMs: 4000, withinMs: 2000 });
/** Stopped from 10 s on, awake from 22 s on, started again from 26 s on. */
const faults = injected("pause-active", "api-1", 10_000, 22_000);
const transitions = trail([9000, "r1", null, "pending", 0, "", "api-1"], [20_000, "r2", null, "pending", 0, "", "api-2"]);
/** A create each tenth of a second, answered by api-2; those from `from` to `to` by `by`. */
function story(from: number, to: number, by = "api-1", over: Partial<Evidence> = {}): Evidence {
  const operations = Array.from({ length: 300 }, (_, n) => {
    const invokedAt = 5000 + 100 * n;
    const other = invokedAt >= from && invokedAt <= to;
    const refused = { by, outcome: "info", served: "shed", error: "status 503" } as const;
    return operation({ f: "create", invokedAt, ...(other ? refused : { by: invokedAt < 10_000 ? "api-1" : "api-2" }) });
  });
  return evidence({ operations, faults, transitions, ...over });
}

test("who wakes up may answer until it has learnt that its place is taken, and again when it was started again", () => {
  expect(check(story(0, 0))).toMatchObject({ verdict: "holds", examined: 20 });
  expect(check(story(22_000, 23_900)).verdict).toBe("holds");
  expect(check(story(26_000, 40_000)).verdict).toBe("holds");
});
test("whoever answers later than that was led to the wrong one, also with a refusal", () => {
  expect(check(story(22_000, 40_000))).toMatchObject({ verdict: "violated", count: 20 });
  expect(check(story(24_500, 24_500)).summary).toBe(
    'create of p1, sent at 24.500 s, was answered "status 503" by api-1, which had woken up at 22.000 s (pause-active#1), and whose place api-2 had taken by 20.000 s; 2000 ms are allowed to learn of it (operation 0).',
  );
});
test("where nobody took its place, nobody asked, or the role answers no clients, nothing is known", () => {
  expect(check(story(22_000, 40_000, "api-1", { transitions: [] })).verdict).toBe("inconclusive");
  expect(check(story(22_000, 40_000, "api-1", { operations: [] })).verdict).toBe("inconclusive");
  const queue = injected("pause-active", "queue-1", 10_000, 22_000);
  expect(check(story(0, 0, "api-1", { faults: queue, transitions: trail([20_000, "r2", null, "pending", 0, "", "queue-2"]) })).verdict).toBe(
    "inconclusive",
  );
  expect(check(evidence()).verdict).toBe("inconclusive");
});
test("a lag about that time excuses it, and no other", () => {
  expect(check(story(22_000, 40_000, "api-1", { lagMs: 900 })).verdict).toBe("inconclusive");
  expect(check(story(22_000, 40_000, "api-1", lateElsewhere(24_500, 80_000, 900))).verdict).toBe("violated");
});

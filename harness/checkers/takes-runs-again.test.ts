import { describe, expect, it } from "vitest";
import { evidence, injected, type Line, lateElsewhere, ledger, operation } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";
import { takesRunsAgain } from "./takes-runs-again.ts";

const faults = injected("unplug", "queue-2", 10_000, 18_000);
/** One run each 20 ms from 20 s on, by these instances in turn. */
const begun = (...instances: readonly string[]): Line[] =>
  Array.from({ length: 600 }, (_, i) => [20_000 + 20 * i, "enter", `run-${i}`, 1, instances[i % instances.length] ?? ""] as const);
const operations = [operation({ f: "create", invokedAt: 33_000 })];
const judge = (lines: readonly Line[], more = {}) =>
  takesRunsAgain({ fault: "unplug", withinMs: 5000 })(evidence({ faults, operations, ledger: ledger("run", ...lines), ...more }));

describe("takesRunsAgain", () => {
  it("holds when the victim begins runs again", () => expect(judge(begun("queue-1", "queue-2", "queue-3")).verdict).toBe("holds"));
  it("accuses one that takes none while the others do", () =>
    expect(judge(begun("queue-1", "queue-3"))).toMatchObject({ verdict: "violated", summary: expect.stringContaining("queue-2 began none of") }));
  it("decides nothing of too few runs, of a fault that was not healed, and where another one follows", () => {
    expect(judge(begun("queue-1", "queue-3").slice(0, 190)).verdict).toBe("inconclusive");
    expect(judge(begun("queue-1"), { faults: faults.filter(({ phase }) => phase !== "healed") }).verdict).toBe("inconclusive");
    expect(judge(begun("queue-1"), { faults: [...faults, ...injected("kill", "queue-2", 23_500, 30_000)] }).verdict).toBe("inconclusive");
  });
  it("accuses nobody in executions that are right", () => neverAccuses(takesRunsAgain({ fault: "kill", withinMs: 5000 })));
});

it("a lag of another time hides no miss", () =>
  expect(judge(begun("queue-1", "queue-3"), lateElsewhere(24_000, 99_000, 60_000)).verdict).toBe("violated"));

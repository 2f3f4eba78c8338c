import { expect, test } from "vitest";
import { begunSoon } from "./begun-soon.ts";
import { type Change, evidence, injected, type Line, lateElsewhere, ledger, trail } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

const checker = begunSoon({ withinMs: 3000 });
const claim: Change = [10_000, "r1", "pending", "running", 1, "queue-1", "queue-1"];
const judged = (changes: readonly Change[], lines: readonly Line[], more: Parameters<typeof evidence>[0] = {}) =>
  checker(evidence({ transitions: trail(...changes), ledger: ledger("run", ...lines), ...more }));
const another: Line = [500, "enter", "r0", 1, "queue-1"];

test("a claimed run is begun at once, or taken away before", () => {
  expect(judged([claim], [another, [10_040, "enter", "r1", 1, "queue-1"]])).toMatchObject({ verdict: "holds", numbers: { beginMaxMs: 40 } });
  expect(judged([claim, [11_000, "r1", "running", "cancelled", 1, "", "api-1"]], [another]).verdict).toBe("inconclusive");
});

test("one that lies, for a while or for ever", () => {
  expect(judged([claim], [another, [15_000, "enter", "r1", 1, "queue-1"]]).summary).toContain("began it 5000 ms later; 3000 ms are allowed");
  expect(judged([claim], [another]).summary).toContain("queue-1 claimed run r1 at 10.000 s (attempt 1, transition 0) and never began it");
});

test("beside a fault, at the end of the record, and while timers lag nobody is accused", () => {
  expect(judged([claim], [another], { faults: injected("kill", "queue-1", 11_000, 12_000) }).verdict).toBe("inconclusive");
  expect(judged([claim], [another], { endsAt: 12_000 }).verdict).toBe("inconclusive");
  expect(judged([claim], [another], { lagMs: 700 }).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => neverAccuses(checker));

test("a lag of another time hides no miss", () =>
  expect(judged([claim], [another, [15_000, "enter", "r1", 1, "queue-1"]], lateElsewhere(12_000, 95_000, 10_000)).verdict).toBe("violated"));

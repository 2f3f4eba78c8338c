import { expect, test } from "vitest";
import { evidence, injected } from "./fixtures.ts";
import { restoredToOneMoment } from "./restored.ts";

const whole = { restored: 1, restoreMs: 900, before: 300, keptBefore: 300, after: 300, keptAfter: 0, rows: 50, rowsMissing: 0, rowsInvented: 0 };
const judged = (numbers: Record<string, number>) =>
  restoredToOneMoment(
    evidence({
      faults: injected("restore-a-backup", "postgres", 1000, 2000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event)),
    }),
  );

test("all from before the moment and nothing from after it holds", () =>
  expect(judged(whole)).toMatchObject({ verdict: "holds", examined: 650, numbers: { restores: 1, slowestMs: 900 } }));
test.each([
  [{ restored: 0 }, "no server could be restored"],
  [{ keptBefore: 299 }, "1 of 300 writes that were acknowledged before the moment are missing"],
  [{ keptAfter: 2 }, "2 of 300 writes from after the moment are there"],
  [{ rowsMissing: 3 }, "3 of 50 entries of the audit trail from before the moment are missing"],
  [{ rowsInvented: 4 }, "4 entries of the audit trail are there that the primary does not have"],
])("%j violates", (numbers, text) =>
  expect(judged({ ...whole, ...numbers })).toMatchObject({ verdict: "violated", summary: expect.stringContaining(text) }),
);
test("nothing restored decides nothing", () => expect(restoredToOneMoment(evidence()).verdict).toBe("inconclusive"));

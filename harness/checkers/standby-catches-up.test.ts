import { expect, test } from "vitest";
import { evidence, injected } from "./fixtures.ts";
import { standbyCatchesUp } from "./standby-catches-up.ts";

const whole = { wroteMeanwhile: 40, caughtUp: 1, catchUpMs: 900, restored: 3, refused: 0, stillMs: 0, rows: 50, rowsMissing: 0, rowsInvented: 0 };
const judged = (numbers: Record<string, number>) =>
  standbyCatchesUp(
    evidence({
      faults: injected("leave-a-standby-behind", "pg-standby", 1000, 2000).map((event) =>
        event.phase === "biting" ? { ...event, numbers: { ...whole, ...numbers } } : event,
      ),
    }),
  );
const left = { caughtUp: 0, restored: 0, refused: 20, stillMs: 15_000 };

test("all rows, out of the archive, hold", () =>
  expect(judged({})).toMatchObject({ verdict: "holds", examined: 50, numbers: { restoredSegments: 3, slowestMs: 900 } }));
test.each([
  [{ rowsMissing: 2 }, "lacks 2 of 50 rows"],
  [{ restored: 0, rowsMissing: 2 }, "lacks 2 of 50 rows"],
  [{ rowsInvented: 1 }, "has 1 rows that the primary does not have"],
  [left, "was refused 20 times what the primary no longer has"],
])("%j violates", (numbers, text) => expect(judged(numbers)).toMatchObject({ verdict: "violated", summary: expect.stringContaining(text) }));
test.each([
  ["it was slow and moved", { ...left, stillMs: 2000 }],
  ["nobody refused it anything", { ...left, refused: 0 }],
  ["it needed no archive", { restored: 0 }],
  ["nothing was written meanwhile", { wroteMeanwhile: 0 }],
])("%s: nothing is decided", (_why, numbers) => expect(judged(numbers).verdict).toBe("inconclusive"));
test("no try decides nothing", () => expect(standbyCatchesUp(evidence()).verdict).toBe("inconclusive"));

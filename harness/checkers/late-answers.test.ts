import { expect, it } from "vitest";
import type { Evidence } from "../core/verdict.ts";
import { evidence, injected, sample } from "./fixtures.ts";
import { lateAnswersArrive } from "./late-answers.ts";

const good = { clients: 12, workMs: 90_000, early: 0, failed: 0, slowestMs: 90_400 };
const judged = (more: Readonly<Record<string, number>>, over: Partial<Evidence> = {}) =>
  lateAnswersArrive({ atLeastMs: 90_000 })(
    evidence({
      ...over,
      faults: injected("await-answers", "balancer", 1000, 91_000).map((event) =>
        event.phase === "biting" ? { ...event, numbers: { ...good, ...more } } : event,
      ),
    }),
  );

it("holds when all have their answer", () =>
  expect(judged({})).toMatchObject({ verdict: "holds", examined: 12, summary: expect.stringContaining("90400 ms") }));

it.each([
  [
    { failed: 12, failedStatus: 504, failedAfterMs: 60_010 },
    "12 of 12 clients that asked for 90000 ms of work did not get its answer: the first was left with the status 504 after 60010 ms",
  ],
  [{ failed: 1, failedStatus: 0, failedAfterMs: 120_000 }, "the first was left without an answer after 120000 ms"],
])("violated by %j", (more, told) => expect(judged(more)).toMatchObject({ verdict: "violated", summary: expect.stringContaining(told) }));

it("decides nothing where a handler may have stood still and its work was begun again", () => {
  const failed = { failed: 4, failedStatus: 504, failedAfterMs: 80_000 };
  const stalled = { lagMs: 4000, samples: [sample(40_000, "queue-1", { lagMs: 4000 })] };
  expect(judged(failed, stalled).verdict).toBe("inconclusive");
  expect(judged(failed, { ...stalled, samples: [sample(99_000, "queue-1", { lagMs: 4000 })] }).verdict).toBe("inconclusive");
  expect(judged(failed, { lagMs: 900, samples: [sample(40_000, "queue-1", { lagMs: 900 })] }).verdict).toBe("violated");
});

it("inconclusive when nobody waited for so long", () => {
  expect(judged({ workMs: 30_000 }).verdict).toBe("inconclusive");
  expect(judged({ early: 12 }).verdict).toBe("inconclusive");
  expect(lateAnswersArrive({ atLeastMs: 1 })(evidence({})).verdict).toBe("inconclusive");
});

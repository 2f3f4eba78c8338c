import fc from "fast-check";
import { expect, test } from "vitest";
import { answersComeWhole, answersEventByEvent } from "./event-by-event.ts";
import { evidence, injected, sample } from "./fixtures.ts";

const judged = (numbers: Readonly<Record<string, number>>, more = {}, checker = answersEventByEvent({ boundMs: 2000 })) =>
  checker(
    evidence({
      faults: injected("await-tokens", "balancer", 1000, 5000).map((event) =>
        event.phase === "biting" ? { ...event, numbers: { clients: 5, workMs: 4000, whole: 5, silentMs: 160, ...numbers } } : event,
      ),
      ...more,
    }),
  );

test("holds where there was always an event soon", () =>
  expect(judged({})).toMatchObject({ verdict: "holds", examined: 5, numbers: { silentMs: 160 } }));

test("an answer in one piece violates", () =>
  expect(judged({ silentMs: 3950 }).summary).toContain(
    "of 5 answers that were asked for event by event, and took 4000 ms of work, one brought no event for 3950 ms of it; 2000 ms are allowed",
  ));

test("nothing is decided by too few answers, by short ones, without a look, and while timers lagged", () => {
  expect(judged({ whole: 2, silentMs: 3950 }).verdict).toBe("inconclusive");
  expect(judged({ workMs: 2000, silentMs: 2000 }).verdict).toBe("inconclusive");
  expect(judged({ silentMs: 3950 }, { faults: [] }).verdict).toBe("inconclusive");
  expect(judged({ silentMs: 3950 }, { lagMs: 500 }).verdict).toBe("inconclusive");
});

test("a lag that is longer than the miss decides nothing where it was, and hides nothing elsewhere", () => {
  const lateAt = (time: number) => {
    const lags = [3000, time - 500, time].map((at) => sample(at, "harness", { lagMs: at === time ? 2500 : 2 }));
    return judged({ silentMs: 3950 }, { lagMs: 2500, samples: lags }).verdict;
  };
  expect([lateAt(4000), lateAt(30_000)]).toEqual(["inconclusive", "violated"]);
});

test("any delay within the bound holds, any beyond it and the uncertainty violates", () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4000 }), (silentMs) => {
      expect(judged({ silentMs }).verdict).toBe(silentMs <= 2000 + 5 ? "holds" : "violated");
    }),
  ));

/** An instance is restarted while the answers are told. */
const restarted = (from: number) => ({
  faults: [
    ...injected("await-tokens", "balancer", 1000, 5000).map((event) =>
      event.phase === "biting" ? { ...event, time: 4990, numbers: { clients: 5, workMs: 4000, whole: 5 } } : event,
    ),
    ...injected("rolling-restart", "api", from, from + 9000),
  ],
});

test("an answer that breaks off violates, unless somebody stood still; without one nothing is shown", () => {
  const whole = (numbers: Readonly<Record<string, number>>, more = {}) => judged(numbers, more, answersComeWhole);
  expect(whole({}, restarted(2000))).toMatchObject({ verdict: "holds", examined: 5 });
  expect(whole({ whole: 3 }).summary).toContain("2 of 5 clients that were told an answer of 4000 ms event by event did not get its last event");
  const stoodAt = (time: number, lagMs: number) => whole({ whole: 3 }, { samples: [sample(time, "api-1", { lagMs })] }).verdict;
  expect([stoodAt(4000, 1500), stoodAt(4000, 500), stoodAt(40_000, 1500)]).toEqual(["inconclusive", "violated", "violated"]);
  expect(whole({}, { faults: [] }).verdict).toBe("inconclusive");
});

test("where nothing was changed while the answers were told, that they came says nothing", () => {
  expect(judged({}, {}, answersComeWhole).verdict).toBe("inconclusive");
  expect(judged({}, restarted(5100), answersComeWhole).verdict).toBe("inconclusive");
});

import { expect, test } from "vitest";
import { countersKept } from "./counters-kept.ts";
import { evidence, injected, sample } from "./fixtures.ts";

const check = countersKept({ counter: "answered" });
/** Restarted with the change until 14 s, watched from then on; a reading each half second. */
const judged = (answered: (time: number) => number, numbers: Readonly<Record<string, number>> = { watchedMs: 26_000, "api-1 replaced": 2 }) => {
  const faults = injected("recycle-workers", "api", 10_000, 41_000).map((event) =>
    event.phase === "biting" ? { ...event, time: 40_000, numbers } : event,
  );
  const samples = Array.from({ length: 90 }, (_, i) => 500 * i).map((time) => sample(time, "api-1", { answered: answered(time) }));
  return check(evidence({ faults, samples }));
};

test("a counter that only grows, but for the start of its instance, is kept", () => {
  expect(judged((time) => time / 500)).toMatchObject({ verdict: "holds", examined: 55 });
  expect(judged((time) => (time < 14_000 ? 400 : 0) + time / 500).verdict).toBe("holds");
  expect(judged((time) => (time > 41_000 ? 0 : time / 500)).verdict).toBe("holds");
});
test("one that falls when a worker goes has lost what that one counted", () => {
  const check = judged((time) => (time < 30_000 ? time / 500 : (time - 29_000) / 500));
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toContain("api-1 told of 2 answers at 30.000 s and of 59 at 29.500 s");
});
test("where no worker was replaced, or nobody read, nothing is known", () => {
  expect(judged((time) => time, { watchedMs: 26_000, "api-1 replaced": 0 }).verdict).toBe("inconclusive");
  expect(judged((time) => time, { watchedMs: 26_000, "api-2 replaced": 1 }).verdict).toBe("inconclusive");
  expect(check(evidence()).verdict).toBe("inconclusive");
});

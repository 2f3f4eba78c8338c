import { expect, test } from "vitest";
import { evidence, injected, operation } from "./fixtures.ts";
import { recycledInTime } from "./recycled.ts";

const judge = recycledInTime({ requests: 1000, jitter: 100 });

/** For 30 s one instance answers so many requests and replaces so many workers. */
function story(answered: number, replaced: number) {
  const numbers = { watchedMs: 30_000, "api-1 replaced": replaced };
  const faults = injected("recycle-workers", "api", 10_000, 45_000).map((event) =>
    event.phase === "biting" ? { ...event, time: 40_000, numbers } : { ...event, ...(event.phase === "requested" ? { time: 10_000 } : {}) },
  );
  const operations = Array.from({ length: answered }, (_, n) =>
    operation({ index: n, f: "peek", invokedAt: 10_010 + (29_900 * n) / answered, by: "api-1" }),
  );
  return judge(evidence({ faults, operations }));
}

test("workers are replaced as their requests allow", () => {
  expect(story(2500, 2)).toMatchObject({ verdict: "holds", examined: 1 });
  expect(story(2100, 2).verdict).toBe("holds");
  // The harness asks, too.
  expect(story(2600, 3).verdict).toBe("holds");
});

test("one that is replaced too soon is told, and one that never is", () => {
  expect(story(1500, 4)).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("api-1 replaced 4 workers in the 30.0 s before 40.000 s"),
  });
  expect(story(2300, 0)).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("and answered 2300 requests; each worker is to answer 1000 to 1100"),
  });
});

test("a worker that took the place of another one and is kept for ever is told, however long its own successor may take to serve", () => {
  expect(story(3290, 1).verdict).toBe("inconclusive");
  expect(story(3300, 1)).toMatchObject({ verdict: "violated", summary: expect.stringContaining("api-1 replaced 1 workers") });
  expect(story(3300, 2).verdict).toBe("holds");
  expect(story(4390, 2).verdict).toBe("holds");
});

test("where nobody was replaced and nobody had to be, nothing is known", () => {
  expect(story(1500, 1)).toMatchObject({ verdict: "inconclusive", summary: expect.stringContaining("none of them after another one") });
  expect(story(900, 0).verdict).toBe("inconclusive");
  expect(story(2100, 0).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

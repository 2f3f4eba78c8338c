import { describe, expect, it, test } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { evidence, injected, lateElsewhere } from "./fixtures.ts";
import { alwaysFinds, neverAccuses } from "./property.ts";
import { cacheHits, keptForItsTime, nobodyElsesAnswer } from "./response-cache.ts";

const good = { cacheMs: 1000, newUsers: 39, newUsersServedFromCache: 0, again: 39, againFromCache: 38, watched: 50, keptMaxMs: 1900 };
const struck = (numbers: Readonly<Record<string, number>>): FaultEvent[] =>
  injected("cache-answers", "balancer", 1000, 9000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
const seen = (more: Readonly<Record<string, number>> = {}, of = {}) => evidence({ faults: struck({ ...good, ...more }), ...of });
const hits = cacheHits({ atLeast: 0.9 });
const kept = keptForItsTime({ slackMs: 2000 });

describe("a user's first answer", () => {
  it("is the instance's", () => expect(nobodyElsesAnswer(seen())).toMatchObject({ verdict: "holds", examined: 39 }));
  it("from the cache violates", () =>
    expect(nobodyElsesAnswer(seen({ newUsersServedFromCache: 36 })).summary).toContain(
      "36 of 39 users were answered from the cache when they asked for the first time",
    ));
  it("is always found", () =>
    alwaysFinds(nobodyElsesAnswer, (_, random) => ({ faults: struck({ ...good, newUsersServedFromCache: random.integer(1, 39) }) })));
});
describe("who asks again", () => {
  it("is answered from the cache", () => expect(hits(seen()).verdict).toBe("holds"));
  it("and is not, violates", () => expect(hits(seen({ againFromCache: 20 })).summary).toContain("20 of 39 users who asked again at once"));
});
describe("an answer", () => {
  it("is kept for its time", () => expect(kept(seen()).verdict).toBe("holds"));
  it("and for longer, violates, unless timers lagged", () => {
    expect(kept(seen({ keptMaxMs: 4800 })).summary).toContain("served for 4800 ms after it had been kept; 3000 ms are allowed");
    expect(kept(seen({ keptMaxMs: 4800 }, { lagMs: 700 })).verdict).toBe("inconclusive");
  });
});
test("without a cache nothing is decided, and nobody accused", () => {
  for (const check of [nobodyElsesAnswer, hits, kept]) {
    expect(check(evidence()).verdict).toBe("inconclusive");
    neverAccuses(check);
  }
});

test("a lag of another time hides no miss, and one while the answer was watched excuses it", () => {
  expect(kept(seen({ keptMaxMs: 20_000 }, lateElsewhere(5000, 95_000, 30_000))).verdict).toBe("violated");
  const long = struck({ ...good, keptMaxMs: 4800 }).map((event) => (event.phase === "biting" ? { ...event, time: 40_000 } : event));
  expect(kept(evidence({ faults: long, ...lateElsewhere(2000, 38_000, 700) })).verdict).toBe("inconclusive");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";
import { expiryCurve } from "./expiry-curve.ts";
import { constants, evidence, injected, operation, sample } from "./fixtures.ts";

const judge = expiryCurve({ write: "save", read: "peek", hits: ["cacheHits"], misses: ["cacheMisses"] });

/** Two times of 10 s each: copies live for 500 ms, then for 4 s. Of 20 reads a half second so many are hits; each read is of another version, so stale by so much. */
function story(
  hits: readonly [short: number, long: number],
  staleMs: readonly [short: number, long: number],
  change: Partial<Evidence> = {},
): Evidence {
  const spans = [
    { from: 1000, value: 500 },
    { from: 21_000, value: 4000 },
  ];
  const faults = spans.flatMap(({ from, value }, i) =>
    injected("reconfigure", "api", from, from + 10_020, `reconfigure#${i}`).map((event) =>
      event.phase === "biting" ? { ...event, numbers: { value } } : event,
    ),
  );
  const samples = spans.flatMap(({ from }, i) =>
    Array.from({ length: 20 }, (_, n) =>
      sample(from + 100 + n * 500, "api-1", { cacheHits: n * (hits[i] ?? 0), cacheMisses: n * (20 - (hits[i] ?? 0)) }),
    ),
  );
  const operations = spans.flatMap(({ from }, i) =>
    Array.from({ length: 400 }, (_, n): Operation[] => {
      const [key, invokedAt] = [`k${i}-${n}`, from + 100 + n * 24];
      const acknowledged = invokedAt - (staleMs[i] ?? 0);
      const base = { key, invokedAt: acknowledged - 5, completedAt: acknowledged };
      return [
        operation({ f: "save", ...base, output: { version: 2 } }),
        operation({ f: "peek", key, invokedAt, output: { version: (staleMs[i] ?? 0) > 0 ? 1 : 2 } }),
      ];
    }).flat(),
  );
  return evidence({ faults, samples, operations, ...change });
}

test("a longer life buys hits and costs no more than itself", () => {
  const check = judge(story([4, 16], [400, 3000]));
  expect(check).toMatchObject({ verdict: "holds", numbers: { hitPercentAt500Ms: 20, hitPercentAt4000Ms: 80, staleMaxAt4000Ms: 3000 } });
  expect(judge(story([4, 16], [900, 3000])).summary).toContain(
    "900 ms after a newer one had been acknowledged, while copies were to live for 500 ms",
  );
  expect(judge(story([12, 12], [0, 0])).summary).toContain("answered 60.0 % of 380 reads, and those that live for 500 ms 60.0 %");
});

test("what was kept before the first change may be as old as copies lived by then", () => {
  const whole = story([4, 16], [400, 3000], { constants: { ...constants, cacheTtlMs: 2000 } });
  const stale = (invokedAt: number) => [
    operation({ f: "save", key: "k", invokedAt: invokedAt - 1405, completedAt: invokedAt - 1400, output: { version: 2 } }),
    operation({ f: "peek", key: "k", invokedAt, output: { version: 1 } }),
  ];
  expect(judge({ ...whole, operations: [...whole.operations, ...stale(1200)] }).verdict).toBe("holds");
  expect(judge({ ...whole, operations: [...whole.operations, ...stale(2600)] }).verdict).toBe("violated");
});

test("without two points, or with a machine that is late, nothing is known", () => {
  const whole = story([4, 16], [900, 3000]);
  expect(judge({ ...whole, faults: whole.faults.slice(0, 4) }).verdict).toBe("inconclusive");
  expect(judge({ ...whole, samples: [] }).verdict).toBe("inconclusive");
  expect(judge({ ...whole, operations: [] }).verdict).toBe("inconclusive");
  expect(judge({ ...whole, lagMs: 200 }).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("a curve within its bounds is never accused, one beyond them always is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 18 }), (short, long, hits) => {
      expect(judge(story([hits, hits + 2], [short, long])).verdict).toBe("holds");
      expect(judge(story([hits, hits + 2], [short + 600, long])).verdict).toBe("violated");
      expect(judge(story([hits + 1, hits], [short, long])).verdict).toBe("violated");
    }),
    { numRuns: 25 },
  );
});

test("hits have no bound in time that a lag would excuse, and each time to live is a bound of its own", () => {
  expect(judge(story([12, 12], [0, 0], { lagMs: 200 }))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("answered 60.0 % of 380 reads"),
  });
  expect(judge(story([4, 16], [400, 9000], { lagMs: 300 }))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("while copies were to live for 4000 ms"),
  });
  const busy = Array.from({ length: 80 }, (_, i) => sample(500 * i, "machine", { busyTicks: 99, processorTicks: 100 }));
  const whole = story([12, 12], [0, 0]);
  expect(judge({ ...whole, samples: [...whole.samples, ...busy] }).verdict).toBe("inconclusive");
});

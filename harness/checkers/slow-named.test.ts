import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "../core/random.ts";
import type { Evidence } from "../core/verdict.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { slowInstanceNamed } from "./slow-named.ts";

const judge = slowInstanceNamed({ fault: "slow-instance", role: "api" });
const names = ["api-1", "api-2", "api-3"];

/** 10 s of calm and 10 s of fault with an answer each 20 ms: by whom it says it is, and how long it takes. */
function story(
  answer: (index: number, during: boolean) => { readonly by: string; readonly tookMs: number },
  change: Partial<Evidence> = {},
): Evidence {
  const operations = Array.from({ length: 1000 }, (_, index) => {
    const invokedAt = index * 20;
    const { by, tookMs } = answer(index, invokedAt >= 10_000);
    return operation({ index, f: "read", invokedAt, answeredAt: invokedAt + tookMs, by });
  });
  const samples = names.flatMap((name) =>
    Array.from({ length: 15 }, (_, i) =>
      sample(10_500 + i * 500, name, { ready: 1, lagMs: name === "api-2" ? 300 : i === 3 && name === "api-1" ? 90 : 5 }),
    ),
  );
  return evidence({ operations, samples, faults: injected("slow-instance", "api-2", 10_000, 20_000), ...change });
}
const turn = (index: number): string => names[index % 3] as string;
const honest = (index: number, during: boolean) => ({ by: turn(index), tookMs: during && turn(index) === "api-2" ? 250 : 10 });

test("the slow one has to stand out", () => {
  expect(judge(story(honest))).toMatchObject({ verdict: "holds", summary: expect.stringContaining("api-2 (from") });
  const spread = story((index, during) => ({ by: names[(index * 7 + Math.floor(index / 3)) % 3] as string, tookMs: honest(index, during).tookMs }));
  expect(judge(spread).summary).toContain("nobody stands out");
  const swapped = story((index, during) => ({ by: turn(index + 1), tookMs: honest(index, during).tookMs }));
  expect(judge(swapped).summary).toContain("api-3 stands out, and api-2 was the slow one");
});

test("what nobody felt, and what a late machine explains, proves nothing", () => {
  expect(judge(story((index) => ({ by: turn(index), tookMs: 10 }))).verdict).toBe("inconclusive");
  const late = names.map((name) => sample(12_000, name, { ready: 1, lagMs: 200 }));
  expect(judge(story((index, during) => ({ by: turn(index), tookMs: during ? 250 : 10 }), { samples: late })).verdict).toBe("inconclusive");
  expect(judge(story((index, during) => ({ by: "", tookMs: honest(index, during).tookMs }), { samples: [] })).verdict).toBe("inconclusive");
  expect(judge(story(honest, { faults: [] })).verdict).toBe("inconclusive");
  // Twice as slow as the next is no clear sign.
  const unclear = story((index, during) => ({ by: turn(index), tookMs: during && (turn(index) === "api-2" || index % 15 === 0) ? 250 : 10 }));
  expect(judge(unclear).verdict).not.toBe("violated");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("an operation that nobody knows the end of is not slow", () => {
  const open = story((index, during) => ({ by: turn(index), tookMs: during ? Number.POSITIVE_INFINITY : 10 }));
  expect(judge({ ...open, operations: open.operations.map((one) => ({ ...one, outcome: "info" as const })) }).verdict).toBe("inconclusive");
});

test("answers that say whose they are never accuse, whatever the balancer does; exchanged names always do", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 150, max: 900 }), (seed, slowMs) => {
      const random = seeded(seed);
      const pick = Array.from({ length: 1000 }, () => random.pick(names));
      const took = (index: number, during: boolean) => (during && pick[index] === "api-2" ? slowMs : random.integer(2, 30));
      expect(judge(story((index, during) => ({ by: pick[index] as string, tookMs: took(index, during) }))).verdict).toBe("holds");
      const exchanged: Record<string, string> = { "api-1": "api-2", "api-2": "api-3", "api-3": "api-1" };
      expect(judge(story((index, during) => ({ by: exchanged[pick[index] as string] as string, tookMs: took(index, during) }))).verdict).toBe(
        "violated",
      );
    }),
    { numRuns: 60 },
  );
});

test("processors without time left excuse while answers were looked at, and not before", () => {
  const swapped = story((index, during) => ({ by: turn(index + 1), tookMs: honest(index, during).tookMs }));
  const busy = (from: number, to: number) => {
    const machine = Array.from({ length: 60 }, (_, i) =>
      sample(500 * i, "machine", { busyTicks: 500 * i >= from && 500 * i <= to ? 99 : 10, processorTicks: 100 }),
    );
    return judge({ ...swapped, samples: [...swapped.samples, ...machine] }).verdict;
  };
  expect(busy(10_000, 20_500)).toBe("inconclusive");
  expect(busy(5000, 15_500)).toBe("violated");
});

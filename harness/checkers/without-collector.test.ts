import { expect, test } from "vitest";
import { evidence, injected, sample } from "./fixtures.ts";
import { collectorHarmsNothing } from "./without-collector.ts";

const check = collectorHarmsNothing({ slowerByMs: 500 });
const half = (when: string, more: Readonly<Record<string, number>> = {}) =>
  Object.fromEntries(
    Object.entries({
      forMs: 4000,
      pairs: 30,
      bereftFailed: 0,
      otherFailed: 1,
      answered: 29,
      slower: 16,
      bereftP50Ms: 14,
      otherP50Ms: 12,
      ...more,
    }).map(([name, value]) => [`${when} ${name}`, value]),
  );
const seen = (numbers: Readonly<Record<string, number>>, more = {}) =>
  check(
    evidence({
      faults: injected("follow-requests", "traces", 40_000, 41_000).map((one) =>
        one.phase === "biting" ? { ...one, numbers: { sent: 20, "own collected": 9, "silent exports": 2, ...numbers } } : one,
      ),
      ...more,
    }),
  );

test("as well and as fast as another", () =>
  expect(seen({ ...half("silent"), ...half("gone") })).toMatchObject({ verdict: "holds", examined: 60, numbers: { silentLaterP50Ms: 2 } }));

test("violated by answers that wait for the collector, in either state of it", () => {
  const slow = { slower: 29, bereftP50Ms: 2010 };
  expect(seen({ ...half("silent", slow), ...half("gone") }).summary).toContain(
    "half of 29 requests took 2010 ms and more at an instance while its collector was silent",
  );
  expect(seen({ ...half("silent"), ...half("gone", slow) })).toMatchObject({ verdict: "violated", count: 1 });
  expect(seen({ ...half("silent", slow), ...half("gone") }, { lagMs: 400 }).verdict).toBe("inconclusive");
});

test("timers that lagged while it was asked excuse it, and those that lagged while instances were restarted before do not", () => {
  const slow = { ...half("silent", { slower: 29, bereftP50Ms: 2010 }), ...half("gone") };
  const lagAt = (time: number) => ({ lagMs: 900, samples: [sample(time, "api-1", { lagMs: 900 }), sample(34_500, "api-2", { lagMs: 1 })] });
  expect(seen(slow, lagAt(20_000)).verdict).toBe("violated");
  expect(seen(slow, lagAt(34_000)).verdict).toBe("inconclusive");
});

test("violated by answers that fail without it, and not by a few, or by as many at both", () => {
  expect(seen({ ...half("silent", { bereftFailed: 12, answered: 17 }), ...half("gone") }).summary).toContain("12 failed at an instance");
  expect(seen({ ...half("silent", { bereftFailed: 3 }), ...half("gone", { bereftFailed: 9, otherFailed: 8, answered: 13 }) }).verdict).toBe("holds");
});

test("timers that lagged by less than anybody waits excuse no failures, and those that lagged for longer do", () => {
  const failing = { ...half("silent", { bereftFailed: 12, answered: 17 }), ...half("gone") };
  expect(seen(failing, { lagMs: 400 })).toMatchObject({ verdict: "violated", summary: expect.stringContaining("12 failed at an instance") });
  expect(seen(failing, { lagMs: 2500 }).verdict).toBe("inconclusive");
});

test("what slows both down, or only some, accuses nobody", () => {
  const both = { bereftP50Ms: 3000, otherP50Ms: 2600, slower: 28 };
  const some = { bereftP50Ms: 900, otherP50Ms: 20, slower: 22 };
  for (const one of [both, some]) expect(seen({ ...half("silent", one), ...half("gone", one) }).verdict).toBe("holds");
});

test("nothing is known without pairs, or where the collector never got anything", () => {
  expect([seen({}).verdict, seen(half("silent", { pairs: 3 })).verdict, check(evidence()).verdict]).toEqual(new Array(3).fill("inconclusive"));
  const slow = half("silent", { slower: 29, bereftP50Ms: 2010 });
  for (const none of ["own collected", "silent exports"]) expect(seen({ ...slow, [none]: 0 }).verdict).toBe("inconclusive");
});

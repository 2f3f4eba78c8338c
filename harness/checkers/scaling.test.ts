import fc from "fast-check";
import { expect, test } from "vitest";
import type { LedgerEntry, Transition } from "../core/records.ts";
import { evidence, injected, sample } from "./fixtures.ts";
import { scaling } from "./scaling.ts";

interface Shape {
  /** Slots an instance really uses. */
  readonly slots?: number;
  /** Share of the time a slot works, by number of instances. */
  readonly busy?: (instances: number) => number;
  readonly waiting?: boolean;
  /** When the last instance takes no more work (ms). */
  readonly lastUntil?: number;
}

/** 1, 2 and 4 instances for 10 s each; every slot executes runs of 400 ms one after the other. */
function grown({ slots = 10, busy = () => 1, waiting = true, lastUntil = 29_500 }: Shape) {
  const events: Omit<LedgerEntry, "seq">[] = [];
  for (let i = 0; i < 4; i++) {
    for (let slot = 0; slot < slots; slot++) {
      let time = (i === 0 ? 0 : i === 1 ? 10_000 : 20_000) + 30 + slot * 3;
      for (let n = 0; time < (i === 3 ? lastUntil : 29_500); n++) {
        const size = time < 10_000 ? 1 : time < 20_000 ? 2 : 4;
        const id = `r${i}-${slot}-${n}`;
        const entry = { scope: "run", subject: id, token: 1, instance: `queue-${i + 1}`, section: id, step: 0 } as const;
        events.push({ ...entry, time, kind: "enter", nonce: `${id}e` }, { ...entry, time: time + 399, kind: "exit", nonce: `${id}x` });
        time += 400 / busy(size);
      }
    }
  }
  const scale = (time: number, id: string) => injected("scale", "queue", time, time + 30, id);
  const pending: Transition[] = waiting
    ? Array.from({ length: 100 }, (_, seq) => ({
        seq,
        time: seq,
        subject: `w${seq}`,
        from: null,
        to: "pending",
        attempt: 0,
        handler: "",
        by: "api-1",
      }))
    : [];
  return evidence({
    ledger: events.sort((a, b) => a.time - b.time).map((event, seq) => ({ ...event, seq })),
    faults: [...scale(10_000, "scale#1"), ...scale(20_000, "scale#2")],
    transitions: pending,
  });
}

const judge = scaling({ tolerance: 0.1, settleMs: 1500 });

test("full instances that scale linearly hold", () => {
  const check = judge(grown({}));
  expect(check.verdict).toBe("holds");
  expect(check.numbers).toMatchObject({ mostOpenRuns: 10, throughputOn4PerSecond: expect.closeTo(100, -1), linearRatioOn2: expect.closeTo(1, 1) });
});

test("throughput that stays behind on processors without time left, or under timers that lag as long, decides nothing", () => {
  const given = grown({ busy: (instances) => 1 / instances });
  const looks = (of: string, values: Readonly<Record<string, number>>) => Array.from({ length: 58 }, (_, i) => sample(500 * (i + 1), of, values));
  const machine = (busyTicks: number) => judge({ ...given, samples: looks("machine", { busyTicks, processorTicks: 100 }) });
  expect(machine(97)).toMatchObject({ verdict: "inconclusive", summary: expect.stringContaining("processors were busy for 97 %") });
  expect(machine(80).verdict).toBe("violated");
  const timers = (lagMs: number) => judge({ ...given, samples: ["queue-2", "queue-3", "queue-4"].flatMap((of) => looks(of, { lagMs })) });
  expect(timers(200)).toMatchObject({ verdict: "inconclusive", summary: expect.stringContaining("lagged by 200 ms") });
  expect(timers(20).verdict).toBe("violated");
});

test("an instance over its limit violates", () => {
  expect(judge(grown({ slots: 11 })).summary).toContain("as its 11th at once, where 10 are allowed");
});

test("throughput that stays behind violates when work was waiting, and is inconclusive when none was", () => {
  const flat = (instances: number): number => 1 / instances;
  expect(judge(grown({ busy: flat })).summary).toContain("although at least 100 runs were waiting");
  expect(judge(grown({ busy: flat, waiting: false })).verdict).toBe("inconclusive");
});

test("an instance that takes no more work is still one of them", () => {
  expect(judge(grown({ lastUntil: 21_000 }))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("4 instances completed 77.5 runs/s"),
  });
  expect(judge(grown({ lastUntil: 21_000, waiting: false })).verdict).toBe("inconclusive");
  // Not if it was taken away.
  const seenUntil = (until: number) => [sample(0, "queue-4", { rssMb: 90 }), sample(until, "queue-4", { rssMb: 90 })];
  const shrunk = { ...grown({ lastUntil: 21_000 }), samples: seenUntil(21_000) };
  expect(judge(shrunk).summary).not.toContain("4 instances");
  expect(judge({ ...shrunk, samples: seenUntil(29_000) }).summary).toContain("4 instances completed");
});

test("an instance that never takes as many as it may, although work waits, violates", () => {
  expect(judge(grown({ slots: 9 })).summary).toContain("more than 9 runs open");
});

test("instances that were never full for lack of work are inconclusive, and so are fewer than two sizes and no ledger", () => {
  expect(judge(grown({ slots: 8, waiting: false })).verdict).toBe("inconclusive");
  expect(judge({ ...grown({}), faults: [] }).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
  expect(judge({ ...grown({}), constants: {} }).verdict).toBe("out of reach");
});

test("a connection that closes a moment late does not count against the limit", () => {
  const given = grown({});
  const extra = given.ledger
    .filter(({ kind, section }) => section === "r0-0-3" && kind === "enter")
    .map((entry) => ({ ...entry, section: "x", subject: "x", nonce: "x", time: entry.time - 2 }));
  const late = extra.map((entry) => ({ ...entry, kind: "closed" as const, time: entry.time + 4, nonce: "y" }));
  const ledger = [...given.ledger, ...extra, ...late].sort((a, b) => a.time - b.time).map((entry, seq) => ({ ...entry, seq }));
  expect(judge({ ...given, ledger }).verdict).toBe("holds");
});

test("what is within the tolerance holds and what is not violates", () => {
  fc.assert(
    fc.property(fc.integer({ min: 50, max: 100 }), (percent) => {
      fc.pre(Math.abs(percent - 90) > 3);
      expect(judge(grown({ busy: (instances) => (instances === 4 ? percent / 100 : 1) })).verdict).toBe(percent > 90 ? "holds" : "violated");
    }),
    { numRuns: 15 },
  );
});

import { describe, expect, it } from "vitest";
import type { HistoryLine } from "../core/history.ts";
import { openLive } from "./live.ts";
import { keepRecent } from "./recent.ts";

const operation = (time: number, served: "yes" | "error" = "yes"): HistoryLine[] => [
  { type: "invoke", time, process: `vu${time}`, f: "create", intended: time - 1 },
  { type: served === "yes" ? "ok" : "info", time: time + 5, process: `vu${time}`, f: "create", served, by: "api-1" },
];

describe("live", () => {
  it("counts the last full second and everything so far", () => {
    const live = openLive();
    for (let time = 100; time < 3000; time += 100) live.take(operation(time, time === 1500 ? "error" : "yes"));
    live.take([{ type: "beat", time: 3000 }]);
    expect(live.rate()).toEqual({ perSecond: 10, errors: 0 });
    expect(live.totals()).toEqual({ operations: 29, errors: 1 });
    expect(live.answeredBy("api-1")).toBe(10);
    expect(live.answeredBy("queue-1")).toBe(0);
  });

  it("keeps the last seconds, on the harness clock by the best pairing there was", () => {
    const live = openLive();
    live.take([
      { type: "clock", time: 0, harness: 500, delta: 1 },
      { type: "clock", time: 10, harness: 900, delta: 40 },
    ]);
    for (let time = 1000; time <= 40_000; time += 1000) live.take(operation(time));
    const kept = live.operations();
    expect(kept.length).toBeGreaterThanOrEqual(14);
    expect(kept.length).toBeLessThan(20);
    expect(kept.at(-1)).toMatchObject({ intendedAt: 40_499, invokedAt: 40_500, answeredAt: 40_505, served: "yes", by: "api-1" });
  });
});

describe("keepRecent", () => {
  it("passes everything on and forgets what is old", () => {
    const written: { time: number }[] = [];
    const recent = keepRecent<{ time: number }>({
      write: (record) => void written.push(record),
      assertWritable: () => {},
      [Symbol.asyncDispose]: async () => {},
    });
    for (let time = 0; time <= 60_000; time += 100) recent.write({ time });
    expect(written).toHaveLength(601);
    const kept = recent.last();
    expect(kept.at(-1)).toEqual({ time: 60_000 });
    expect(kept[0]?.time).toBeGreaterThan(40_000);
    expect(kept[0]?.time).toBeLessThanOrEqual(46_000);
  });
});

import { describe, expect, it } from "vitest";
import { conclude } from "../core/verdict.ts";
import { availability } from "./availability.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { concludeBound } from "./judge.ts";
import { busyFor } from "./saturation.ts";

/** Readings every half second from the beginning to `untilMs`: how busy all processors were. */
const machine = (busyPercent: (time: number) => number, untilMs = 60_000) =>
  Array.from({ length: untilMs / 500 }, (_, i) => sample(500 * i, "machine", { busyTicks: busyPercent(500 * i), processorTicks: 100 }));

describe("saturated processors", () => {
  it("are told by the share of the time that somebody used, and not at all where nobody looked", () => {
    expect(
      busyFor(
        machine(() => 97),
        0,
        10_000,
      ),
    ).toContain("busy for 97 %");
    expect(
      busyFor(
        machine(() => 94),
        0,
        10_000,
      ),
    ).toBeUndefined();
    expect(
      busyFor(
        machine((time) => (time < 5000 ? 100 : 50)),
        0,
        10_000,
      ),
    ).toBeUndefined();
    expect(busyFor([], 0, 10_000)).toBeUndefined();
  });

  it("make a missed bound decide nothing, unless one miss lies elsewhere", () => {
    const missed = (...times: number[]) =>
      conclude(
        "in time",
        9,
        times.map((time) => ({ time, text: `missed at ${time}.` })),
        { holds: "", nothing: "" },
      );
    const busyFrom30 = { lagMs: 5, samples: machine((time) => (time >= 30_000 ? 100 : 60)) };
    expect(concludeBound(busyFrom30, 1000, missed(40_000))).toMatchObject({
      verdict: "inconclusive",
      summary: expect.stringContaining("missed at 40000"),
    });
    expect(concludeBound(busyFrom30, 1000, missed(20_000)).verdict).toBe("violated");
    expect(concludeBound(busyFrom30, 1000, missed(20_000, 40_000)).verdict).toBe("violated");
    expect(concludeBound(busyFrom30, 15_000, missed(40_000)).verdict).toBe("violated");
    expect(concludeBound(busyFrom30, 1000, conclude("in time", 9, [], { holds: "all", nothing: "" })).verdict).toBe("holds");
  });

  it("make failures during a fault decide nothing", () => {
    const operations = Array.from({ length: 600 }, (_, n) =>
      operation({ f: "create", invokedAt: 100 * n, index: n, ...(n >= 200 && n % 10 === 0 ? { outcome: "fail", error: "status 503" } : {}) }),
    );
    const given = { operations, faults: injected("kill", "queue-1", 20_000, 25_000), scheduledPerSecond: 10 };
    const judge = availability({ f: ["create"], atLeast: 0.99, fault: "kill" });
    expect(judge(evidence({ ...given, samples: machine(() => 70) })).verdict).toBe("violated");
    expect(judge(evidence({ ...given, samples: machine(() => 99) }))).toMatchObject({
      verdict: "inconclusive",
      summary: expect.stringMatching(/^The machine's processors were busy for 99 % .* operations failed/),
    });
  });
});

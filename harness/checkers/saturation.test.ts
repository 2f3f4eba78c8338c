import { describe, expect, it } from "vitest";
import { type Checker, conclude, type Evidence } from "../core/verdict.ts";
import { availability } from "./availability.ts";
import { redisClientsKept } from "./clients-kept.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { concludeBound } from "./judge.ts";
import { busyFor } from "./saturation.ts";
import { slowInstanceNamed } from "./slow-named.ts";
import { tracesAreWhole } from "./traces.ts";
import { noneFailed } from "./undisturbed.ts";

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
    const busyFrom30 = { lagMs: 5, faults: [], samples: machine((time) => (time >= 30_000 ? 100 : 60)) };
    expect(concludeBound(busyFrom30, 1000, missed(40_000))).toMatchObject({
      verdict: "inconclusive",
      summary: expect.stringContaining("missed at 40000"),
    });
    expect(concludeBound(busyFrom30, 1000, missed(20_000)).verdict).toBe("violated");
    expect(concludeBound(busyFrom30, 1000, missed(20_000, 40_000)).verdict).toBe("violated");
    expect(concludeBound(busyFrom30, 1000, missed(40_000, 20_000))).toMatchObject({
      summary: "missed at 20000. (1 more)",
      counterexamples: [{ time: 20_000 }],
    });
    const busyAt = [10_000, 40_000, 70_000];
    const now = { lagMs: 5, faults: [], samples: machine((time) => (busyAt.some((busy) => Math.abs(time - busy) <= 3000) ? 100 : 60), 80_000) };
    expect(concludeBound(now, 1000, missed(10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000))).toMatchObject({
      verdict: "violated",
      summary: "missed at 20000. (6 more)",
      counterexamples: [20_000, 30_000, 50_000, 60_000].map((time) => ({ time })),
    });
    expect(concludeBound(now, 1000, missed(...busyAt)).verdict).toBe("inconclusive");
    expect(concludeBound(busyFrom30, 15_000, missed(40_000)).verdict).toBe("violated");
    expect(concludeBound(busyFrom30, 1000, conclude("in time", 9, [], { holds: "all", nothing: "" })).verdict).toBe("holds");
  });

  it("and timers that lag excuse a missed bound where they lagged, and everywhere when nobody measured", () => {
    const missed = (time: number) => conclude("in time", 9, [{ time, text: "missed." }], { holds: "", nothing: "" });
    const started = { fault: "restart", on: "api-1", from: 50_000 };
    const samples = Array.from({ length: 120 }, (_, i) => [
      sample(500 * i, "harness", { lagMs: 3 }),
      // Silent for two seconds from 30 s on, then late by 1.8 s; late again after a fault of its own.
      ...(i > 60 && i < 64 ? [] : [sample(500 * i, "api-1", { lagMs: i === 64 || i === 101 ? 1800 : 4 })]),
    ]).flat();
    const evidence = { lagMs: 1800, samples, faults: injected(started.fault, started.on, started.from, 50_100) };
    const verdictAt = (time: number, boundMs = 1000, given = evidence) => concludeBound(given, boundMs, missed(time)).verdict;
    expect([verdictAt(20_000), verdictAt(27_000), verdictAt(31_000), verdictAt(35_000), verdictAt(37_000), verdictAt(50_500)]).toEqual([
      "violated",
      "inconclusive",
      "inconclusive",
      "inconclusive",
      "violated",
      "violated",
    ]);
    expect(verdictAt(20_000, 9500)).toBe("violated");
    expect(verdictAt(20_000, 8000)).toBe("inconclusive");
    expect(verdictAt(20_000, 1000, { ...evidence, samples: [] })).toBe("inconclusive");
  });

  it("make whatever comes late or not at all decide nothing: spans, clients of Redis, a slow instance that does not stand out, requests during a change", () => {
    const followed = injected("follow-requests", "traces", 10_000, 12_000).map((event) =>
      event.phase === "biting" ? { ...event, numbers: { sent: 20, whole: 3, api: 20, queue: 3 } } : event,
    );
    const clients = Array.from({ length: 60 }, (_, i) => sample(i * 500, "redis", { connectedClients: i < 20 ? 9 : 7 }));
    const names = ["api-1", "api-2", "api-3"];
    const answers = Array.from({ length: 1000 }, (_, n) => {
      const slow = n >= 500 && n % 3 === 0;
      return operation({ index: n, f: "read", invokedAt: 20 * n, answeredAt: 20 * n + (slow ? 250 : 10), by: names[n % 3] ?? "" });
    });
    const readings = names.flatMap((name) => Array.from({ length: 15 }, (_, i) => sample(10_500 + i * 500, name, { ready: 1, lagMs: 5 })));
    const failing = Array.from({ length: 400 }, (_, n) =>
      operation({ index: n, f: "read", invokedAt: 9000 + 10 * n, ...(n === 300 ? { outcome: "fail", error: "status 502" } : {}) }),
    );
    const cases: readonly (readonly [Checker, Partial<Evidence>])[] = [
      [tracesAreWhole({ roles: ["api", "queue"] }), { faults: followed }],
      [redisClientsKept("close-idle-redis"), { faults: injected("close-idle-redis", "redis", 10_000, 16_000), samples: clients }],
      [
        slowInstanceNamed({ fault: "slow-instance", role: "api" }),
        { faults: injected("slow-instance", "api-2", 10_000, 20_000), operations: answers, samples: readings },
      ],
      [noneFailed({ f: ["read"], fault: "reload-balancer" }), { faults: injected("reload-balancer", "nginx", 10_000, 12_000), operations: failing }],
    ];
    for (const [check, given] of cases) {
      const verdictAt = (busy: number) => check(evidence({ ...given, samples: [...(given.samples ?? []), ...machine(() => busy)] })).verdict;
      expect([verdictAt(70), verdictAt(99)]).toEqual(["violated", "inconclusive"]);
    }
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

import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, injected, operation } from "./fixtures.ts";
import { nothingToTheOld, streamsOutlastTheSwitch } from "./switched-over.ts";

const faults = injected("blue-green", "api", 10_000, 30_000).map((event) =>
  event.phase === "biting"
    ? { ...event, time: 25_000, numbers: { sinceSwitchMs: 10_000, "api-1 old": 1, "api-2 old": 1 } }
    : event.phase === "healing"
      ? { ...event, time: 28_000 }
      : event,
);
const asked = (invokedAt: number, by: string): Operation => operation({ f: "create", invokedAt, by });
const stream = (from: number, to: number, by: string, outcome: "ok" | "info" = "ok"): Operation =>
  operation({
    f: "stream",
    key: "r1",
    invokedAt: from,
    answeredAt: to,
    completedAt: to,
    outcome,
    by,
    output: { events: [] },
    error: outcome === "ok" ? "" : "cut",
  });

describe("nothingToTheOld", () => {
  const judge = (...operations: Operation[]) => nothingToTheOld(evidence({ faults, operations }));
  it("holds while only new ones answer after the switch", () =>
    expect(judge(asked(14_000, "api-1"), asked(15_500, "api-2"), asked(17_000, "api-3"), asked(29_000, "api-1"))).toMatchObject({
      verdict: "holds",
      examined: 1,
    }));
  it("accuses an old one that answers what was sent well after it", () =>
    expect(judge(asked(17_000, "api-3"), asked(17_500, "api-2"))).toMatchObject({
      verdict: "violated",
      summary: expect.stringContaining("2500 ms after the switch, was answered by api-2"),
    }));
  it("decides nothing where timers lagged by a fifth of what a reload may take", () => {
    const late = { faults, operations: [asked(17_500, "api-2")], lagMs: 250 };
    expect(nothingToTheOld(evidence(late)).verdict).toBe("inconclusive");
  });
  it("decides nothing without requests or a switch", () => {
    expect(judge(asked(14_000, "api-1")).verdict).toBe("inconclusive");
    expect(nothingToTheOld(evidence({ operations: [asked(17_000, "api-1")] })).verdict).toBe("inconclusive");
  });
});

describe("streamsOutlastTheSwitch", () => {
  const judge = (...operations: Operation[]) => streamsOutlastTheSwitch(evidence({ faults, operations }));
  it("holds when what old ones carried came to its end", () =>
    expect(judge(stream(12_000, 18_000, "api-1"), stream(16_000, 17_000, "api-3", "info"), stream(11_000, 12_000, "api-1", "info"))).toMatchObject({
      verdict: "holds",
      examined: 1,
    }));
  it("accuses a stream that was cut off", () =>
    expect(judge(stream(12_000, 18_000, "api-1", "info"))).toMatchObject({
      verdict: "violated",
      summary: expect.stringContaining('which api-1 carried, ended with "cut" at 18.000 s, 3000 ms after the switch'),
    }));
  it("decides nothing without such a stream", () => expect(judge(stream(16_000, 18_000, "api-3")).verdict).toBe("inconclusive"));
});

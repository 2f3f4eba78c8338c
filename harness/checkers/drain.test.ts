import { describe, expect, it } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { claimsNothingMore, endsInTime, givesBack } from "./drain.ts";
import { type Change, constants, evidence, injected, type Line, lateElsewhere, ledger, sample, trail } from "./fixtures.ts";

const told = (exitStatus = 0, exitAfterMs = 1500): FaultEvent[] =>
  injected("terminate", "queue-1", 10_000, 15_000).map((event) =>
    event.phase === "biting" ? { ...event, time: 10_000 + exitAfterMs, numbers: { exitStatus, exitAfterMs } } : event,
  );
const underWay: Line[] = [
  [9000, "enter", "r1", 1, "queue-1"],
  [11_400, "exit", "r1", 1, "queue-1"],
];
const claim: Change = [8990, "r1", "pending", "running", 1, "queue-1", "queue-1"];
const given = { ...evidence({ faults: told() }), constants: { ...constants, shutdownMs: 5000 } };

describe("claimsNothingMore", () => {
  it("holds when nothing begins after the signal, or only what was in flight", () => {
    expect(claimsNothingMore({ ...given, ledger: ledger("run", ...underWay, [10_300, "enter", "r2", 1, "queue-1"]) }).verdict).toBe("holds");
  });
  it("accuses an attempt that began later, and not one that began after the restart or elsewhere", () => {
    const late = claimsNothingMore({ ...given, ledger: ledger("run", [11_000, "enter", "r2", 1, "queue-1"]) });
    expect(late).toMatchObject({ verdict: "violated", count: 1 });
    expect(late.summary).toContain("began 1000 ms after the instance had been told to stop");
    expect(
      claimsNothingMore({ ...given, ledger: ledger("run", [15_100, "enter", "r2", 1, "queue-1"], [11_000, "enter", "r3", 1, "queue-2"]) }).verdict,
    ).toBe("holds");
  });
  it("accuses nobody where timers lagged", () => {
    const late = { ...given, lagMs: 400, ledger: ledger("run", [11_000, "enter", "r2", 1, "queue-1"]) };
    const laggedAt = (time: number) => ({ samples: [sample(11_000, "api-1", { lagMs: 3 }), sample(time, "harness", { lagMs: 400 })] });
    expect(claimsNothingMore({ ...late, ...laggedAt(11_000) }).verdict).toBe("inconclusive");
    expect(claimsNothingMore({ ...late, ...laggedAt(30_000) }).verdict).toBe("violated");
  });
  it("is inconclusive without a ledger", () => expect(claimsNothingMore(given).verdict).toBe("inconclusive"));
  it("is inconclusive when nobody was told to stop, or something else disturbed the end", () => {
    expect(claimsNothingMore(evidence()).verdict).toBe("inconclusive");
    expect(claimsNothingMore({ ...given, faults: [...told(), ...injected("restart-postgres", "postgres", 9000, 11_000)] }).verdict).toBe(
      "inconclusive",
    );
  });
});

describe("givesBack", () => {
  const judge = (...changes: Change[]) => givesBack({ ...given, ledger: ledger("run", ...underWay), transitions: trail(claim, ...changes) });
  it("holds when the run ended, or was given back by the instance before it was gone", () => {
    expect(judge([11_400, "r1", "running", "success", 1, "queue-1", "queue-1"]).verdict).toBe("holds");
    expect(judge([11_400, "r1", "running", "pending", 1, "", "queue-1"])).toMatchObject({ verdict: "holds", numbers: { givenBack: 1 } });
  });
  it("accuses a run that a sweeper had to give back, or nobody did", () => {
    expect(judge([16_000, "r1", "running", "pending", 1, "", "queue-2"]).summary).toContain("only at 16.000 s, by queue-2");
    expect(judge().summary).toContain("never given back");
  });
  it("judges the end of one that serves while others stand by as any other", () => {
    const faults = injected("terminate-active", "queue-1", 10_000, 15_000);
    const left = trail(claim, [16_000, "r1", "running", "pending", 1, "", "queue-2"]);
    expect(givesBack({ ...given, faults, ledger: ledger("run", ...underWay), transitions: left }).verdict).toBe("violated");
    expect(givesBack({ ...given, faults: injected("kill-active", "queue-1", 10_000, 15_000), transitions: left }).verdict).toBe("inconclusive");
  });
  it("judges an end while each write takes a little longer, and none without the database", () => {
    const left = trail(claim, [16_000, "r1", "running", "pending", 1, "", "queue-2"]);
    const beside = (fault: string, delayMs: number) =>
      givesBack({
        ...given,
        faults: [
          ...told(),
          ...injected(fault, "postgres", 9000, 12_000).map((event) => (event.phase === "biting" ? { ...event, numbers: { delayMs } } : event)),
        ],
        ledger: ledger("run", ...underWay),
        transitions: left,
      });
    expect([beside("slow-writes", 15).verdict, beside("slow-writes", 1000).verdict]).toEqual(["violated", "inconclusive"]);
    expect(beside("restart-postgres", 0).verdict).toBe("inconclusive");
  });
  it("accuses a run that was claimed, never begun and left to the sweepers, and not one that was handed back, or lost to an earlier death", () => {
    const unbegun = (at: number, ...changes: Change[]) =>
      givesBack({
        ...given,
        ledger: ledger("run", ...underWay),
        transitions: trail(
          claim,
          [11_400, "r1", "running", "success", 1, "queue-1", "queue-1"],
          [at, "r2", "pending", "running", 1, "queue-1", "queue-1"],
          ...changes,
        ),
      });
    expect(unbegun(9990, [16_000, "r2", "running", "pending", 1, "", "queue-2"]).summary).toContain("attempt 1 of run r2 was claimed and not begun");
    expect(unbegun(10_020).summary).toContain("never given back");
    expect(unbegun(10_020, [10_060, "r2", "running", "pending", 1, "", "queue-1"])).toMatchObject({ verdict: "holds", examined: 2 });
    expect(unbegun(8000, [12_000, "r2", "running", "pending", 1, "", "queue-2"])).toMatchObject({ verdict: "holds", examined: 1 });
  });
  it("says nothing of a run that had been taken away before the signal", () => {
    const taken = (time: number) => judge([time, "r1", "running", "pending", 1, "", "queue-2"]);
    expect(taken(9900)).toMatchObject({ verdict: "inconclusive", examined: 0 });
    expect(taken(12_000).verdict).toBe("violated");
  });
  it("is inconclusive when nothing was under way", () => expect(givesBack(given).verdict).toBe("inconclusive"));
});

describe("endsInTime", () => {
  it("holds for status 0 in time", () => expect(endsInTime(given)).toMatchObject({ verdict: "holds", numbers: { exitMaxMs: 1500 } }));
  it("accuses another status, a signal, and a late end", () => {
    expect(endsInTime({ ...given, faults: told(1) }).summary).toContain("ended with status 1 after 1500 ms");
    expect(endsInTime({ ...given, faults: told(-1) }).summary).toContain("ended with a signal");
    expect(endsInTime({ ...given, faults: told(0, 6000) }).verdict).toBe("violated");
  });
  it("a late end decides nothing while timers lagged, and there is no bound without the constant", () => {
    expect(endsInTime({ ...given, faults: told(0, 7000), lagMs: 1500 }).verdict).toBe("inconclusive");
    expect(endsInTime(evidence({ faults: told() })).verdict).toBe("out of reach");
    expect(endsInTime({ ...given, faults: [] }).verdict).toBe("inconclusive");
  });
});

it("a lag of another time hides no miss: an end that comes late", () =>
  expect(endsInTime({ ...given, faults: told(0, 9000), ...lateElsewhere(12_000, 95_000, 10_000) }).verdict).toBe("violated"));

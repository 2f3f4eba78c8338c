import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import type { Evidence } from "../core/verdict.ts";
import { evidence, injected, ledger, operation, sample } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";
import { servesAgain } from "./serves-again.ts";

const healed = 30_000;
/** A create each 100 ms for a minute and a half, which is served unless it begins at a time that `refused` names; ready and quick whatever clients hear. */
function record(refused: (time: number) => boolean, change: Partial<Evidence> = {}, untilMs = 90_000): Evidence {
  const create = (time: number): Operation => {
    const more = refused(time) ? ({ outcome: "info", served: "shed", error: "status 503" } as const) : {};
    return operation({ index: time / 100, f: "create", intendedAt: time, invokedAt: time + 0.5, by: "api-1", ...more });
  };
  const seconds = Array.from({ length: untilMs / 500 }, (_, i) => i * 500);
  return evidence({
    operations: Array.from({ length: untilMs / 100 }, (_, i) => create(100 * i)),
    ledger: seconds.flatMap((time, i) => ledger("run", [time, "enter", `r${i}`, 1, "queue-1"])),
    samples: seconds.flatMap((time) => [sample(time, "backlog", { open: 3, oldestMs: 40 }), sample(time, "api-1", { ready: 1 })]),
    faults: injected("restart-postgres", "postgres", 10_000, healed),
    scheduledPerSecond: 10,
    ...change,
  });
}
const judge = (of: Evidence) => servesAgain({ f: ["create"] })(of);

describe("servesAgain", () => {
  it("holds as soon as it is steady, however little of the load is left", () => {
    expect(judge(record((time) => time > 10_000 && time < 33_000)).verdict).toBe("holds");
    expect(judge(record((time) => time > 10_000 && time < 33_000, {}, 45_000)).verdict).toBe("holds");
  });
  it("accuses who goes on refusing, and says what the last one heard", () => {
    const judged = judge(record((time) => time > 10_000));
    expect(judged).toMatchObject({ verdict: "violated", count: 1 });
    expect(judged.summary).toContain("wanted from 45.020 s to 84.900 s, 15000 ms and more after the last fault was over, 0 were served");
    expect(judged.summary).toContain("answered with status 503");
  });
  it("decides nothing between the two: served for the most part, and never steady", () => {
    expect(judge(record((time) => time > 10_000 && time % 300 === 0)).verdict).toBe("inconclusive");
    expect(judge(record((time) => time > 10_000 && time % 300 !== 0)).verdict).toBe("violated");
  });
  it("decides nothing when the load ended too soon, nothing healed, or timers lagged", () => {
    const dead = (time: number): boolean => time > 10_000;
    expect(judge(record(dead, {}, 59_000)).verdict).toBe("inconclusive");
    expect(judge(record(dead, { faults: injected("restart-postgres", "postgres", 10_000, healed).slice(0, 3) })).verdict).toBe("inconclusive");
    expect(judge(record(dead, { faults: [] })).verdict).toBe("inconclusive");
    expect(judge(record(dead, { lagMs: 4000 })).verdict).toBe("inconclusive");
  });
  it("never accuses a correct execution", () => neverAccuses(servesAgain({ f: ["create"] })));
});

import { expect, test } from "vitest";
import { evidence, injected, lateElsewhere, ledger, sample, trail } from "./fixtures.ts";
import { alwaysFinds, inserted, neverAccuses, some, untouched } from "./property.ts";
import { liveRunKept, requeuedInTime } from "./requeue.ts";
import { sectionsOf } from "./sections.ts";

// queue-2 works all along, so somebody can sweep.
const work = ledger("run", [100, "enter", "r9", 1, "queue-2"], [1000, "enter", "r1", 1, "queue-1"], [5003, "closed", "r1", 1, "queue-1"]);
const claim = [990, "r1", "pending", "running", 1, "queue-1", "queue-1"] as const;
const kill = injected("kill", "queue-1", 5000, 8000);
const back = (time: number) => trail(claim, [time, "r1", "running", "pending", 1, "", "queue-2"]);
const judged = (time: number) => requeuedInTime(evidence({ ledger: work, faults: kill, transitions: back(time) }));

test("a killed handler's run that comes back within the bound holds", () => {
  expect(judged(10_900)).toMatchObject({ verdict: "holds", examined: 1, numbers: { requeueMaxMs: 5897 } });
  expect(judged(11_008).verdict).toBe("holds"); // missed by no more than the tolerance of 5 ms
  const ended = trail(claim, [5004, "r1", "running", "success", 1, "", "queue-1"]);
  expect(requeuedInTime(evidence({ ledger: work, faults: kill, transitions: ended })).verdict).toBe("holds");
});

test("one that comes back late, or never, violates", () => {
  expect(judged(11_009).verdict).toBe("violated");
  expect(judged(20_000).summary).toContain("left the running state only at 20.000 s");
  const never = evidence({ ledger: work, faults: kill, transitions: trail(claim) });
  expect(requeuedInTime(never).summary).toContain("still running");
  expect(requeuedInTime({ ...never, endsAt: 11_000 }).verdict).toBe("inconclusive");
});

test("a lagging harness decides nothing, and neither does a target without constants", () => {
  const late = evidence({ ledger: work, faults: kill, transitions: back(30_000), lagMs: 1300 });
  expect(requeuedInTime(late).verdict).toBe("inconclusive");
  expect(requeuedInTime({ ...late, constants: {} }).verdict).toBe("out of reach");
  expect(requeuedInTime(evidence()).verdict).toBe("inconclusive");
});

test("where nobody can sweep the bound starts when somebody can", () => {
  const everybody = [...kill, ...injected("partition", "*->redis", 4000, 15_000)];
  const judgedThen = (time: number) => requeuedInTime(evidence({ ledger: work, faults: everybody, transitions: back(time) }));
  expect(judgedThen(25_000)).toMatchObject({ verdict: "holds", numbers: { boundExtended: 1 } });
  expect(judgedThen(27_000).verdict).toBe("violated");
});

test("timers that lagged while a bound that began late was running excuse a miss, and those that lagged before it do not", () => {
  const everybody = [...kill, ...injected("partition", "*->redis", 4000, 35_000)];
  const laggedAt = (time: number) => {
    const samples = [5000, 46_000, 60_000].map((at) => sample(at, "harness", { lagMs: at === time ? 1300 : 1 }));
    return requeuedInTime(evidence({ ledger: work, faults: everybody, transitions: back(48_000), samples, lagMs: 1300 })).verdict;
  };
  expect(laggedAt(46_000)).toBe("inconclusive");
  expect(laggedAt(5000)).toBe("violated");
});

test("a stopped or cut-off handler's run comes back if the fault outlasts the bound", () => {
  const open = work.slice(0, 2);
  for (const [fault, on] of [
    ["pause", "queue-1"],
    ["partition", "queue-1->redis"],
  ] as const) {
    const long = (transitions: ReturnType<typeof trail>) =>
      requeuedInTime(evidence({ ledger: open, faults: injected(fault, on, 5000, 15_000), transitions }));
    expect(long(back(10_500))).toMatchObject({ verdict: "holds", examined: 1 });
    expect(long(back(14_000)).verdict).toBe("violated");
    expect(long(trail(claim)).verdict).toBe("violated");
    const short = evidence({ ledger: open, faults: injected(fault, on, 5000, 9000), transitions: trail(claim) });
    expect(requeuedInTime(short).verdict).toBe("inconclusive");
  }
});

test("a run that is taken from a live handler violates, unless it was stopped beyond the time-out or killed", () => {
  const open = work.slice(0, 2);
  const taken = (faults: ReturnType<typeof injected>) => liveRunKept(evidence({ ledger: open, faults, transitions: back(10_500) }));
  expect(taken([]).summary).toContain("run r1 was taken from queue-1 by queue-2 at 10.500 s");
  expect(taken(injected("partition", "queue-1->redis", 1500, 20_000)).verdict).toBe("violated");
  expect(taken(injected("pause", "queue-1", 7000, 20_000)).verdict).toBe("violated");
  expect(taken(injected("pause", "queue-1", 5400, 20_000))).toMatchObject({ verdict: "holds", numbers: { takenWhileStopped: 1 } });
  expect(liveRunKept(evidence({ ledger: work, faults: kill, transitions: back(10_500) })).verdict).toBe("holds");
  expect(liveRunKept(evidence({ ledger: open, transitions: trail(claim, [10_500, "r1", "running", "pending", 1, "", "queue-1"]) })).verdict).toBe(
    "holds",
  );
  expect(liveRunKept(evidence({ ledger: open })).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => {
  neverAccuses(requeuedInTime);
  neverAccuses(liveRunKept);
});

test("a dead handler's run that never comes back is always found", () =>
  alwaysFinds(requeuedInTime, ({ ledger: lines, faults, transitions }, random) => {
    const killed = some(random, sectionsOf(lines, "run").all, ({ instance, end, endAt }) => {
      return (
        end === "closed" &&
        faults.some(({ on, fault, phase, time }) => on === instance && fault === "kill" && phase === "requested" && endAt >= time && endAt < time + 6)
      );
    });
    if (!killed) return undefined;
    return {
      transitions: transitions.filter(
        ({ subject, attempt, from }) => subject !== killed.subject || attempt < killed.token || (attempt === killed.token && from === "pending"),
      ),
    };
  }));

test("a live run that is taken is always found", () =>
  alwaysFinds(liveRunKept, (given, random) => {
    const calm = untouched(given);
    const victim = some(random, sectionsOf(given.ledger, "run").all, ({ instance, enteredAt, endAt }) => calm(instance) && endAt - enteredAt > 50);
    if (!victim) return undefined;
    const time = victim.enteredAt + 5 + (victim.endAt - victim.enteredAt - 15) * random.next();
    const taken = { seq: 0, time, subject: victim.subject, from: "running", to: "pending", attempt: victim.token, handler: "", by: "queue-9" };
    return { transitions: inserted(given.transitions, taken) };
  }));

test("a lag of another time hides no miss: a run that comes back late", () => {
  const late = evidence({ ledger: work, faults: kill, transitions: back(30_000), ...lateElsewhere(8000, 95_000, 25_000) });
  expect(requeuedInTime(late).verdict).toBe("violated");
});

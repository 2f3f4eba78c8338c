import { expect, test } from "vitest";
import { evidence, injected, ledger, sample } from "./fixtures.ts";
import { oneInstancePerAttempt, oneLiveAttempt } from "./one-live-attempt.ts";
import { alwaysFinds, inserted, neverAccuses, some, untouched } from "./property.ts";
import { sectionsOf } from "./sections.ts";

const overlap = (...steps: readonly number[]) =>
  ledger(
    "run",
    [1000, "enter", "r1", 1, "queue-1"],
    [8000, "enter", "r1", 2, "queue-2"],
    ...steps.map((time, i) => [time, "step", "r1", 1, "queue-1", i + 1] as const),
    [9500, "exit", "r1", 1, "queue-1"],
    [9900, "exit", "r1", 2, "queue-2"],
  );

test("attempts one after the other hold", () => {
  const lines = ledger("run", [1, "enter", "r1", 1, "queue-1"], [2, "closed", "r1", 1, "queue-1"], [3, "enter", "r1", 2, "queue-2"]);
  expect(oneLiveAttempt(evidence({ ledger: lines }))).toMatchObject({ verdict: "holds", examined: 2 });
});

test("an overlap without a stop violates, whatever else was wrong", () => {
  for (const faults of [
    [],
    injected("kill", "queue-1", 2000, 9000),
    injected("partition", "queue-1->redis", 2000, 9000),
    injected("pause", "queue-2", 2000, 9000),
  ]) {
    const check = oneLiveAttempt(evidence({ ledger: overlap(), faults }));
    expect(check.verdict).toBe("violated");
    expect(check.summary).toContain("attempt 2 on queue-2 and attempt 1 on queue-1 of run r1 were live at once");
  }
});

test("a handler that was stopped beyond its time-out may make one more step", () => {
  const faults = injected("pause", "queue-1", 2000, 9000);
  expect(oneLiveAttempt(evidence({ ledger: overlap(), faults }))).toMatchObject({ verdict: "holds", numbers: { overlapsExcused: 1 } });
  expect(oneLiveAttempt(evidence({ ledger: overlap(9300), faults })).verdict).toBe("holds");
  expect(oneLiveAttempt(evidence({ ledger: overlap(9300, 9400), faults })).summary).toContain("2 steps after the newer one had entered");
});

test("a stop shorter than the time-out, or after the newer one entered, excuses nothing", () => {
  expect(oneLiveAttempt(evidence({ ledger: overlap(), faults: injected("pause", "queue-1", 4500, 9000) })).verdict).toBe("violated");
  expect(oneLiveAttempt(evidence({ ledger: overlap(), faults: injected("pause", "queue-1", 2000, 4000) })).verdict).toBe("violated");
  expect(oneLiveAttempt(evidence({ ledger: overlap(), faults: injected("pause", "queue-1", 8500, 20_000) })).verdict).toBe("violated");
});

test("a close that was noticed a moment late is no overlap, an exit is", () => {
  const late = (kind: "closed" | "exit") =>
    ledger("run", [1000, "enter", "r1", 1, "queue-1"], [2000, "enter", "r1", 2, "queue-2"], [2004, kind, "r1", 1, "queue-1"]);
  expect(oneLiveAttempt(evidence({ ledger: late("closed") })).verdict).toBe("holds");
  expect(oneLiveAttempt(evidence({ ledger: late("exit") })).verdict).toBe("violated");
});

test("an attempt belongs to one section, unless its enter was sent again", () => {
  const twice = ledger("run", [1, "enter", "r1", 1, "queue-1"], [2, "closed", "r1", 1, "queue-1"], [3, "enter", "r1", 1, "queue-2"]);
  expect(oneInstancePerAttempt(evidence({ ledger: twice })).verdict).toBe("violated");
  const resent = twice.map((entry) => ({ ...entry, nonce: "same" }));
  expect(oneInstancePerAttempt(evidence({ ledger: resent })).verdict).toBe("holds");
});

test("an empty ledger is inconclusive", () => {
  expect(oneLiveAttempt(evidence()).verdict).toBe("inconclusive");
  expect(oneInstancePerAttempt(evidence()).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => {
  neverAccuses(oneLiveAttempt);
  neverAccuses(oneInstancePerAttempt);
});

test("an overlap is always found", () =>
  alwaysFinds(oneLiveAttempt, (given, random) => {
    const calm = untouched(given);
    const victim = some(random, sectionsOf(given.ledger, "run").all, ({ instance, enteredAt, endAt }) => calm(instance) && endAt - enteredAt > 50);
    if (!victim) return undefined;
    const time = victim.enteredAt + (victim.endAt - victim.enteredAt) * random.next() * 0.8;
    const enter = {
      seq: 0,
      time,
      kind: "enter",
      scope: "run",
      subject: victim.subject,
      token: victim.token + 1,
      instance: "queue-9",
      section: "planted",
      step: 0,
      nonce: "planted",
    } as const;
    return { ledger: inserted(given.ledger, enter, { ...enter, time: time + 5, kind: "exit", nonce: "planted too" }) };
  }));

test("a second execution of an attempt is always found", () =>
  alwaysFinds(oneInstancePerAttempt, (given, random) => {
    const victim = some(random, given.ledger, ({ kind, scope }) => kind === "enter" && scope === "run");
    return (
      victim && { ledger: inserted(given.ledger, { ...victim, time: victim.time + random.integer(0, 9000), section: "planted", nonce: "planted" }) }
    );
  }));

test("where no time-out is declared a timer that is a little late is no stall", () => {
  const late = (lagMs: number) => {
    const samples = [7000, 7500, 8000].map((time) => sample(time, "queue-1", { lagMs }));
    return oneLiveAttempt(evidence({ ledger: overlap(), samples, constants: {} })).verdict;
  };
  expect([late(2), late(3000)]).toEqual(["violated", "inconclusive"]);
});

import { expect, test } from "vitest";
import { evidence, injected, ledger, operation, sample } from "./fixtures.ts";
import { mutualExclusion } from "./mutual-exclusion.ts";
import { alwaysFinds, inserted, neverAccuses, some, untouched } from "./property.ts";
import { sectionsOf } from "./sections.ts";

const turn = (token: number, invokedAt: number, answeredAt: number, outcome: "ok" | "info" = "ok") =>
  operation({ f: "turn", key: "a", invokedAt, answeredAt, outcome, output: { agent: "a", token, version: token } });

test("sections one after the other hold, and the hand-over is measured", () => {
  const lines = ledger(
    "lock",
    [1000, "enter", "a", 1, "api-1"],
    [2000, "exit", "a", 1, "api-1"],
    [2040, "enter", "a", 2, "api-2"],
    [3000, "exit", "a", 2, "api-2"],
  );
  const check = mutualExclusion(evidence({ ledger: lines, operations: [turn(1, 900, 2010), turn(2, 1500, 3010)] }));
  expect(check).toMatchObject({ verdict: "holds", examined: 2, numbers: { contendedHandOvers: 1, handOverMaxMs: 40, lockWaitMaxMs: 540 } });
});

const overlap = ledger(
  "lock",
  [1000, "enter", "a", 1, "api-1"],
  [5000, "enter", "a", 2, "api-2"],
  [5600, "exit", "a", 2, "api-2"],
  [6200, "exit", "a", 1, "api-1"],
);

test("an overlap violates, unless the earlier holder was stopped past its lease", () => {
  const judged = (faults: ReturnType<typeof injected>) => mutualExclusion(evidence({ ledger: overlap, faults }));
  expect(judged([]).summary).toContain("critical sections of agent a overlapped: token 2 on api-2 entered at 5.000 s while token 1 on api-1");
  expect(judged(injected("pause", "api-1", 1500, 6000))).toMatchObject({ verdict: "holds", numbers: { overlapsExcused: 1 } });
  expect(judged(injected("pause", "api-2", 1500, 6000)).verdict).toBe("violated");
  expect(judged(injected("pause", "api-1", 4000, 6000)).verdict).toBe("violated");
  expect(judged(injected("pause", "api-1", 1100, 2000)).verdict).toBe("violated");
  expect(judged(injected("kill", "api-1", 1500, 6000)).verdict).toBe("violated");
});

test("tokens that repeat or go back violate", () => {
  const again = (token: number) =>
    ledger("lock", [1, "enter", "a", 2, "api-1"], [2, "exit", "a", 2, "api-1"], [3, "enter", "a", token, "api-2"], [4, "exit", "a", token, "api-2"]);
  expect(mutualExclusion(evidence({ ledger: again(2) })).summary).toContain("token 2 of agent a was used by api-2 after api-1 had used it");
  expect(mutualExclusion(evidence({ ledger: again(1) })).summary).toContain("the token of agent a went back");
  expect(mutualExclusion(evidence({ ledger: again(3) })).verdict).toBe("holds");
});

test("a turn that was asked for after another's answer has the larger token; concurrent and unknown ones may not", () => {
  const judged = (...operations: ReturnType<typeof turn>[]) => mutualExclusion(evidence({ ledger: overlap.slice(0, 1), operations })).verdict;
  expect(judged(turn(2, 100, 200), turn(1, 300, 400))).toBe("violated");
  expect(judged(turn(2, 100, 200), turn(1, 150, 400))).toBe("holds");
  expect(judged(turn(2, 100, 200, "info"), turn(1, 300, 400))).toBe("holds");
});

test("an empty ledger is inconclusive", () => expect(mutualExclusion(evidence()).verdict).toBe("inconclusive"));

test("correct executions are never accused", () => neverAccuses(mutualExclusion));

test("an overlap is always found", () =>
  alwaysFinds(mutualExclusion, (given, random) => {
    const calm = untouched(given);
    const victim = some(random, sectionsOf(given.ledger, "lock").all, ({ instance, enteredAt, endAt }) => calm(instance) && endAt - enteredAt > 20);
    if (!victim) return undefined;
    const time = victim.enteredAt + 1 + (victim.endAt - victim.enteredAt - 8) * random.next();
    const enter = {
      seq: 0,
      time,
      kind: "enter",
      scope: "lock",
      subject: victim.subject,
      token: 999,
      instance: "api-9",
      section: "planted",
      step: 0,
      nonce: "planted",
    } as const;
    return { ledger: inserted(given.ledger, enter, { ...enter, time: time + 2, kind: "exit", nonce: "planted too" }) };
  }));

test("a token that goes back is always found", () =>
  alwaysFinds(mutualExclusion, (given, random) => {
    const calm = untouched(given);
    const { all } = sectionsOf(given.ledger, "lock");
    const victim = some(
      random,
      all,
      ({ instance, subject, enteredSeq }) =>
        calm(instance) && all.some((one) => one.subject === subject && one.end === "exit" && one.endSeq < enteredSeq),
    );
    return victim && { ledger: given.ledger.map((entry) => (entry.section === victim.id ? { ...entry, token: 0 } : entry)) };
  }));

test("where no lease is declared a timer that is a little late is no stall", () => {
  const late = (lagMs: number) => {
    const samples = [4000, 4500, 5000].map((time) => sample(time, "api-1", { lagMs }));
    return mutualExclusion(evidence({ ledger: overlap, samples, constants: {} })).verdict;
  };
  expect([late(2), late(2000)]).toEqual(["violated", "inconclusive"]);
});

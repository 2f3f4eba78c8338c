import { expect, test } from "vitest";
import { evidence, injected, ledger, operation } from "./fixtures.ts";
import { lockGoesOn } from "./lock-waiting.ts";
import { neverAccuses } from "./property.ts";

const judge = lockGoesOn({ handOverMs: 100, waitMs: 1000 });
const turn = (token: number, invokedAt: number, answeredAt: number, outcome: "ok" | "info" = "ok") =>
  operation({ f: "turn", key: "a", invokedAt, answeredAt, outcome, output: { agent: "a", token, version: token } });
/** Token 1 is held until 500; then token 2 enters. */
const held = (enteredAt: number) =>
  ledger(
    "lock",
    [100, "enter", "a", 1, "api-1"],
    [500, "exit", "a", 1, "api-1"],
    [enteredAt, "enter", "a", 2, "api-2"],
    [3000, "exit", "a", 2, "api-2"],
  );
const judged = (enteredAt: number, outcome: "ok" | "info" = "ok", more = {}) =>
  judge(evidence({ ledger: held(enteredAt), operations: [turn(1, 50, 510), turn(2, 200, 3010, outcome)], ...more }));

test("a lock is handed over to who waits", () => {
  expect(judged(540)).toMatchObject({ verdict: "holds", examined: 1, numbers: { handOverMaxMs: 40, lockWaitMaxMs: 340 } });
  expect(judged(700).summary).toContain("lay idle for 200 ms after token 1 on api-1 had left");
  expect(judged(700, "ok", { lagMs: 60 }).verdict).toBe("inconclusive");
  expect(judged(603, "ok", { lagMs: 10 })).toMatchObject({
    verdict: "inconclusive",
    summary: expect.stringContaining("1 times a bound (100 ms idle"),
  });
  // Whoever was never answered may not have waited for it.
  expect(judged(700, "info").verdict).toBe("inconclusive");
  expect(judged(700, "ok", { faults: injected("pause", "api-2", 300, 650) }).verdict).toBe("inconclusive");
  expect(judge(evidence({ ledger: held(700), operations: [turn(1, 50, 510), turn(2, 600, 3010)] })).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("a lock that lies idle while somebody waits counts, also where another one comes and takes it", () => {
  const taken = ledger(
    "lock",
    [100, "enter", "a", 1, "api-1"],
    [500, "exit", "a", 1, "api-1"],
    [700, "enter", "a", 2, "api-2"],
    [800, "exit", "a", 2, "api-2"],
    [840, "enter", "a", 3, "api-1"],
  );
  const turns = (third: number) => [turn(1, 50, 510), turn(2, 690, 810), turn(3, third, 900)];
  const check = judge(evidence({ ledger: taken, operations: turns(300) }));
  expect(check).toMatchObject({ verdict: "violated", count: 1, examined: 2 });
  expect(check.summary).toContain(
    "lay idle for 200 ms after token 1 on api-1 had left at 0.500 s, although token 3 on api-1 had waited since 0.300 s",
  );
  expect(judge(evidence({ ledger: taken, operations: turns(600) }))).toMatchObject({ verdict: "holds", examined: 1 });
});

test("a lag that excuses a slow hand-over does not excuse who is passed over for long", () => {
  const queue = ledger(
    "lock",
    [100, "enter", "a", 1, "api-1"],
    [500, "exit", "a", 1, "api-1"],
    [510, "enter", "a", 2, "api-2"],
    [9000, "exit", "a", 2, "api-2"],
    [9010, "enter", "a", 3, "api-1"],
  );
  const starved = [turn(1, 90, 505), turn(2, 400, 9005), turn(3, 200, 9100)];
  const passed = (lagMs: number) => lockGoesOn({ handOverMs: 100, waitMs: 5000 })(evidence({ ledger: queue, operations: starved, lagMs }));
  expect([passed(60).verdict, passed(1500).verdict]).toEqual(["violated", "inconclusive"]);
  expect(passed(60).summary).toContain("token 3 on api-1 of agent a waited for 8810 ms");
});

test("nobody is passed over by later ones for long", () => {
  const queue = ledger(
    "lock",
    [100, "enter", "a", 1, "api-1"],
    [500, "exit", "a", 1, "api-1"],
    [510, "enter", "a", 2, "api-2"],
    [900, "exit", "a", 2, "api-2"],
    [1600, "enter", "a", 3, "api-1"],
  );
  const starved = [turn(1, 90, 505), turn(2, 400, 905), turn(3, 200, 1700)];
  const { verdict, counterexamples, numbers } = lockGoesOn({ handOverMs: 1000, waitMs: 1000 })(evidence({ ledger: queue, operations: starved }));
  expect({ verdict, passedOver: numbers.mostPassedOver }).toEqual({ verdict: "violated", passedOver: 1 });
  expect(counterexamples[0]?.text).toContain("token 3 on api-1 of agent a waited for 1400 ms from 0.200 s on, while 1 that had asked later");
  // In the order in which they asked, a long wait is a long queue.
  const fair = [turn(1, 90, 505), turn(2, 150, 905), turn(3, 200, 1700)];
  expect(lockGoesOn({ handOverMs: 1000, waitMs: 1000 })(evidence({ ledger: queue, operations: fair })).verdict).toBe("holds");
});

test("correct executions are never accused", () => neverAccuses(lockGoesOn({ handOverMs: 3500, waitMs: 15_000 })));

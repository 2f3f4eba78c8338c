import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../core/history.ts";
import { seeded } from "../../core/random.ts";
import { hasSerialOrder } from "../elle/brute-force.ts";
import { historyOf, options } from "../elle/fixtures.ts";
import { confused, execute } from "../elle/generate-transactions.ts";
import { executions, fewerExecutions } from "../executions.ts";
import listAppend from "./list-append.ts";

type Settings = { readonly [name: string]: Json };
const check = (operations: Parameters<typeof listAppend.check>[0], settings: Settings = {}) => listAppend.check(operations, { ...options, settings });

/** Committed transactions with nothing known of their times. */
const committed = (...transactions: readonly Json[]) => historyOf(transactions.map((value, i) => ({ type: "ok", process: i, value })));
/** One after the other. */
const sequential = (...transactions: readonly Json[]) =>
  historyOf(
    transactions.flatMap((value, process) => [
      { type: "invoke", process, value },
      { type: "ok", process, value },
    ]),
  );
const models = (...names: readonly string[]): Settings => ({ "consistency-models": names });

test("an empty history, and one without dependencies, decide nothing", () => {
  expect(check([])).toMatchObject({ valid: "unknown", operations: 0 });
  expect(check(committed([["append", "x", 1]]))).toMatchObject({ valid: "unknown", operations: 1, anomalies: [] });
});

test("a serial history holds, with the strongest model kept", () => {
  const answer = check(
    sequential(
      [["append", "x", 1]],
      [
        ["r", "x", [1]],
        ["append", "x", 2],
      ],
      [["r", "x", [1, 2]]],
    ),
  );
  expect(answer).toMatchObject({ valid: true, anomalies: [], not: [], strongest: ["strong-serializable"] });
});

test("write skew is G2-item: no repeatable read, and snapshot isolation is kept", () => {
  const answer = check(
    committed(
      [
        ["r", "x", []],
        ["append", "y", 1],
      ],
      [
        ["r", "y", []],
        ["append", "x", 1],
      ],
    ),
    models("serializable"),
  );
  expect(answer).toMatchObject({ valid: false, not: ["repeatable-read"], strongest: ["snapshot-isolation", "update-serializable"] });
  expect(answer.anomalies).toEqual([
    {
      type: "G2-item",
      operations: [0, 1],
      text: "operation 0 read x without 1, which operation 1 appended; operation 1 read y without 1, which operation 0 appended: each came before the next, and the last before the first.",
    },
  ]);
});

test("a stale read breaks only what knows of real time", () => {
  const history = sequential([["append", "x", 1]], [["r", "x", []]]);
  expect(check(history, models("serializable")).valid).toBe(true);
  const answer = check(history);
  expect(answer).toMatchObject({ valid: false, not: ["strong-snapshot-isolation"], strongest: ["serializable", "strong-read-committed"] });
  expect(answer.anomalies[0]?.text).toContain("operation 0 was answered before operation 1 was invoked");
});

test("what was read of an append of unknown outcome happened; what was not read may still happen", () => {
  const info = (last: Json) =>
    historyOf([
      { type: "invoke", process: 0, value: [["append", "x", 1]] },
      { type: "info", process: 0, value: [["append", "x", 1]] },
      ...[[["r", "x", [1]]], last].flatMap((value, i) => [
        { type: "invoke" as const, process: i + 1, value },
        { type: "ok" as const, process: i + 1, value },
      ]),
    ]);
  expect(check(info([["r", "x", [1]]])).valid).toBe(true);
  expect(check(info([["r", "x", []]])).valid).toBe(false);
});

test("anomalies without a cycle", () => {
  const types = (...transactions: readonly Json[]) => check(committed(...transactions), models("serializable")).anomalies.map(({ type }) => type);
  const appends: Json = [
    ["append", "x", 1],
    ["append", "x", 2],
  ];
  expect(types(appends, [["r", "x", [1]]])).toContain("G1b");
  expect(types(appends, [["r", "x", [1, 2, 1]]])).toContain("duplicate-elements");
  expect(types(appends, [["r", "x", [1, 2, 9]]])).toEqual(["unwritten"]);
  expect(types(appends, [["r", "x", [2, 1]]], [["r", "x", [1, 2]]])).toContain("incompatible-order");
  expect(
    types([
      ["r", "x", [1]],
      ["append", "x", 1],
    ]),
  ).toEqual(["future-read"]);
  expect(
    types(
      [
        ["append", "x", 1],
        ["r", "x", [2]],
      ],
      [["append", "x", 2]],
    ),
  ).toContain("internal");
  expect(
    types(
      [
        ["r", "x", []],
        ["append", "x", 1],
      ],
      [
        ["r", "x", []],
        ["append", "x", 2],
      ],
    ),
  ).toContain("lost-update");
});

test("what cannot be judged is unknown, and says why", () => {
  const note = (operations: Parameters<typeof check>[0], settings?: Settings) => check(operations, settings).notes[0];
  expect(note(committed([["append", "x", 1]], [["append", "x", 1]]))).toContain("appended to x twice (operations 0, 1)");
  expect(note(committed([["write", "x", 1]]))).toContain('["write","x",1]');
  expect(note(committed([["append", "x", 1]]), models("linear"))).toContain('Unknown consistency model "linear". There are: ');
});

test("many blind readers of one key do not make as many edges as there are pairs", () => {
  const readers = Array.from({ length: 1000 }, (): Json => [["r", "x", []]]);
  const writers = Array.from({ length: 1000 }, (_, i): Json => [["append", "x", i]]);
  expect(check(committed(...readers, ...writers), models("serializable")).valid).toBe(true);
  const both = Array.from(
    { length: 1000 },
    (_, i): Json => [
      ["r", "x", []],
      ["append", "x", i],
    ],
  );
  expect(check(committed(...both), models("serializable")).anomalies.map(({ type }) => type)).toEqual(["lost-update", "G2-item"]);
});

const always = (judge: (seed: number) => void, numRuns = fewerExecutions) => fc.assert(fc.property(fc.nat(), judge), { numRuns });

test("executions that are strictly serializable, or snapshot isolated, are never accused of not being so", () => {
  always((seed) => {
    const strict = check(execute(seeded(seed), 30, "strict"));
    if (strict.valid === false) throw new Error(strict.anomalies[0]?.text);
    const snapshot = check(execute(seeded(seed), 30, "snapshot"), models("strong-snapshot-isolation"));
    if (snapshot.valid === false) throw new Error(snapshot.anomalies[0]?.text);
  }, executions);
});

test("the order of the lines does not matter where times are given", () => {
  always((seed) => {
    const operations = execute(seeded(seed), 20, "snapshot");
    const { valid, not } = check(operations);
    expect(check(seeded(seed).shuffle(operations))).toMatchObject({ valid, not });
  });
});

test("small histories: refused exactly when no serial order exists (brute force)", () => {
  let refused = 0;
  always((seed) => {
    const operations = confused(seeded(seed));
    for (const [model, strict] of [
      ["serializable", false],
      ["strict-serializable", true],
    ] as const) {
      const { valid } = check(operations, models(model));
      const possible = hasSerialOrder(operations, strict);
      if ((valid === false) === possible)
        throw new Error(
          `${model}: ${valid}, but a serial order ${possible ? "exists" : "does not exist"}: ${JSON.stringify(operations.map(({ output }) => output))}`,
        );
      if (!possible) refused++;
    }
  });
  expect(refused).toBeGreaterThan(fewerExecutions / 5);
});

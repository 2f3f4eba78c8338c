import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../../core/history.ts";
import { seeded } from "../../core/random.ts";
import { hasSerialOrder } from "../elle/brute-force.ts";
import { historyOf, inAnyOrder, options } from "../elle/fixtures.ts";
import { confused, execute, type Micro } from "../elle/generate-transactions.ts";
import { executions, fewerExecutions } from "../executions.ts";
import rwRegister from "./rw-register.ts";

type Settings = { readonly [name: string]: Json };
const check = (operations: readonly Operation[], settings: Settings = {}) => rwRegister.check(operations, { ...options, settings });
const committed = (...transactions: readonly Json[]) => historyOf(transactions.map((value, process) => ({ type: "ok", process, value })));
const serializable: Settings = { "consistency-models": ["serializable"] };

test("an empty history decides nothing; reads of what was written hold", () => {
  expect(check([])).toMatchObject({ valid: "unknown", operations: 0 });
  expect(check(committed([["w", "x", 1]], [["r", "x", 1]]), serializable)).toMatchObject({ valid: true, strongest: ["serializable"] });
});

test("a circle of reads is G1c, told with its operations", () => {
  const answer = check(
    committed(
      [
        ["w", "x", 1],
        ["r", "y", 1],
      ],
      [
        ["w", "y", 1],
        ["r", "x", 1],
      ],
    ),
    serializable,
  );
  expect(answer).toMatchObject({ valid: false, not: ["read-committed"] });
  expect(answer.anomalies[0]).toMatchObject({ type: "G1c", operations: [0, 1] });
  expect(answer.anomalies[0]?.text).toContain("operation 1 read 1 from x, which operation 0 had written");
});

test("the order of versions is inferred only where the settings say so", () => {
  const history = committed(
    [
      ["r", "y", 1],
      ["w", "x", 1],
      ["w", "y", 2],
    ],
    [
      ["r", "x", 1],
      ["r", "y", 1],
    ],
  );
  expect(check(history, serializable).valid).toBe(true);
  expect(check(history, { ...serializable, "wfr-keys?": true }).anomalies[0]?.type).toBe("G-single-item");
});

test("anomalies without a cycle", () => {
  const types = (operations: readonly Operation[]) => check(operations, serializable).anomalies.map(({ type }) => type);
  const twoWrites: Json = [
    ["w", "x", 1],
    ["w", "x", 2],
  ];
  expect(types(committed(twoWrites, [["r", "x", 1]]))).toEqual(["G1b"]);
  expect(
    types(
      historyOf([
        { type: "fail", process: 0, value: [["w", "x", 1]] },
        { type: "ok", process: 1, value: [["r", "x", 1]] },
      ]),
    ),
  ).toEqual(["G1a"]);
  expect(
    types(
      historyOf([
        { type: "info", process: 0, value: [["w", "x", 1]] },
        { type: "ok", process: 1, value: [["r", "x", 1]] },
      ]),
    ),
  ).toEqual([]);
  expect(
    types(
      committed([
        ["r", "x", 1],
        ["r", "x", 2],
      ]),
    ),
  ).toEqual(["internal"]);
  expect(
    types(
      committed(
        [
          ["r", "x", 7],
          ["w", "x", 1],
        ],
        [
          ["r", "x", 7],
          ["w", "x", 2],
        ],
      ),
    ),
  ).toEqual(["lost-update"]);
});

/** An execution of lists as one of registers: a read shows the last element only. */
function registers(operations: readonly Operation[]): Operation[] {
  const register = (value: Json): Json =>
    Array.isArray(value)
      ? (value as unknown as readonly Micro[]).map(([f, key, of]) => (f === "append" ? ["w", key, of] : ["r", key, of?.at(-1) ?? null]))
      : value;
  return operations.map((one) => ({ ...one, input: register(one.input), output: register(one.output) }));
}

test("strictly serializable executions are never accused, whatever may be inferred of them, and a read from the future always is", () => {
  const inferring: Settings = { "wfr-keys?": true, "sequential-keys?": true, "linearizable-keys?": true };
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const operations = registers(execute(seeded(seed), 25, "strict"));
      const answer = inAnyOrder(rwRegister, operations, inferring, seeded(seed, "order"));
      if (answer.valid === false) throw new Error(answer.anomalies[0]?.text);
      const end = Math.max(...operations.map(({ invokedAt }) => invokedAt)) + 1000;
      const last = operations[operations.length - 1] as Operation;
      const at = (index: number, value: Json, time: number): Operation => ({
        ...last,
        index,
        process: `late-${index}`,
        input: value,
        output: value,
        outcome: "ok",
        invokedAt: time,
        completedAt: time + 1,
      });
      const planted = [...operations, at(100, [["r", "w", 1]], end), at(101, [["w", "w", 1]], end + 10)];
      expect(check(planted, inferring).valid).toBe(false);
    }),
    { numRuns: executions },
  );
});

test("small histories: refused only where no serial order exists (brute force)", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const operations = registers(confused(seeded(seed)));
      for (const [model, strict] of [
        ["serializable", false],
        ["strict-serializable", true],
      ] as const) {
        const settings = { "consistency-models": [model], "linearizable-keys?": strict };
        if (inAnyOrder(rwRegister, operations, settings, seeded(seed, "order")).valid !== false) continue;
        refused++;
        if (hasSerialOrder(operations, strict)) throw new Error(`${model}: ${JSON.stringify(operations.map(({ output }) => output))}`);
      }
    }),
    { numRuns: fewerExecutions },
  );
  expect(refused).toBeGreaterThan(fewerExecutions / 20);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../../core/history.ts";
import { type Random, seeded } from "../../core/random.ts";
import { historyOf, inAnyOrder, type Line, options } from "../elle/fixtures.ts";
import { predicateOf } from "../elle/predicates.ts";
import { executions, fewerExecutions } from "../executions.ts";
import closedPredicate from "./closed-predicate.ts";

type State = ReadonlyMap<string, number>;
type Micro = readonly [string, Json, Json];

const serializable = { "consistency-models": ["serializable"] };
const check = (operations: readonly Operation[], settings: Readonly<Record<string, Json>> = serializable) =>
  closedPredicate.check(operations, { ...options, settings });
const types = (operations: readonly Operation[]) => check(operations).anomalies.map(({ type }) => type);

/** After an init with x and y as 0. */
function after(...lines: readonly Pick<Line, "type" | "value">[]): Operation[] {
  const init: Line[] = ["invoke", "ok"].map((type) => ({ type: type as "ok", process: "init", f: "init", value: { x: 0, y: 0 } }));
  const invoked = lines.map(({ value = null }, process): Line => ({ type: "invoke", process, value }));
  return historyOf([...init, ...invoked, ...lines.map((line, process) => ({ process, ...line }))]);
}
const ok = (...value: readonly Json[]) => ({ type: "ok", value }) as const;

test("an empty history, and an init alone, decide nothing", () => {
  expect(check([])).toMatchObject({ valid: "unknown", operations: 0 });
  expect(check(after())).toMatchObject({ valid: "unknown" });
});

test("reads that fit an order hold", () => {
  const history = after(
    ok(["w", "x", 1], ["rp", ["=", 1], { x: 1 }]),
    ok(["rp", ["mod", 2, 0], { y: 0 }], ["delete", "y"]),
    ok(["r", "x", 0], ["r", "y", 0]),
  );
  expect(check(history)).toMatchObject({ valid: true, strongest: ["serializable"] });
});

test("a write skew by predicates is G2, told with what was not shown", () => {
  const answer = check(after(ok(["rp", ["=", 1], {}], ["w", "x", 1]), ok(["rp", ["=", 1], {}], ["w", "y", 1])));
  expect(answer).toMatchObject({ valid: false, not: ["serializable"] });
  expect(answer.anomalies[0]).toMatchObject({ type: "G2", operations: expect.arrayContaining([1, 2]) });
  expect(answer.anomalies[0]?.text).toContain(
    'operation 1 read where ["=",1] and was not shown y, so it saw the only version not selected, 0, over which',
  );
});

test("a predicate read that sees half of a transaction is G-single", () => {
  const history = after(ok(["delete", "x"], ["delete", "y"]), ok(["rp", "true", { y: 0 }]));
  expect(check(history)).toMatchObject({ valid: false, not: ["consistent-view"], anomalies: [{ type: "G-single" }] });
});

test("anomalies without a cycle", () => {
  expect(types(after(ok(["rp", "true", { x: 0 }])))).toEqual(["predicate-read-miss"]);
  expect(types(after(ok(["rp", ["=", 1], { x: 0 }])))).toEqual(["predicate-read-miss"]);
  expect(types(after(ok(["r", "x", 7])))).toEqual(["unwritten"]);
  expect(types(after(ok(["insert", "z", 1], ["rp", ["=", 1], {}])))).toEqual(["internal"]);
  expect(types(after(ok(["delete", "x"], ["r", "x", 0])))).toEqual(["internal"]);
  expect(types(after(ok(["w", "x", 1], ["w", "x", 2]), ok(["r", "x", 1])))).toEqual(["G1b"]);
  expect(types(after({ type: "fail", value: [["w", "x", 1]] }, ok(["rp", ["=", 1], { x: 1 }])))).toEqual(["G1a"]);
});

test("an unknown outcome may have happened and may not", () => {
  const info = { type: "info", value: [["delete", "x"]] } as const;
  expect(check(after(info, ok(["rp", "true", { y: 0 }]))).valid).toBe(true);
  expect(check(after(info, ok(["rp", "true", { x: 0, y: 0 }]))).valid).toBe(true);
  // Seen and not seen in one read: whether it happened or not.
  const both = {
    type: "info",
    value: [
      ["delete", "x"],
      ["delete", "y"],
    ],
  } as const;
  expect(types(after(both, ok(["rp", "true", { y: 0 }])))).toEqual(["G-single"]);
});

test("without a known beginning, or with versions alike, nothing is decided", () => {
  const init = (type: "ok" | "info"): Line => ({ type, process: 0, f: "init", value: { x: 0 } });
  const read: Line = { type: "ok", process: 1, value: [["rp", "true", {}]] };
  for (const history of [
    [init("info"), read],
    [init("ok"), init("ok"), read],
  ])
    expect(check(historyOf(history)).valid).toBe("unknown");
  const twice = check(after(ok(["w", "x", 1]), ok(["w", "x", 1])));
  expect(twice).toMatchObject({ valid: "unknown", notes: [expect.stringContaining("1 was written to x twice (operations 1, 2)")] });
  expect(check(after(ok(["rp", ["<", 3], {}]))).notes[0]).toContain('["mod", m, r]');
});

/** One micro-operation on a state, as it is answered. */
function step(state: Map<string, number>, [f, of, value]: Micro): Micro {
  if (f === "r") return [f, of, state.get(of as string) ?? null];
  if (f === "rp") return [f, of, Object.fromEntries([...state].filter(([, one]) => predicateOf(of)?.(one)))];
  if (f === "delete") state.delete(of as string);
  else state.set(of as string, value as number);
  return [f, of, value];
}

/** Transactions executed one after the other, each at a moment between its invocation and its answer; some outcomes unknown. */
function execute(random: Random): Operation[] {
  const state = new Map([
    ["x", 0],
    ["y", 1],
  ]);
  let next = 2;
  const micro = (): Micro => {
    const key = random.pick(["x", "y", "z"]);
    const predicate = random.pick<Json>(["true", ["mod", 2, 0], ["=", 1], ["=", next - 1]]);
    return random.pick<Micro>([
      ["r", key, null],
      ["rp", predicate, null],
      ["rp", predicate, null],
      ["w", key, next++],
      ["delete", key, null],
    ]);
  };
  const [template] = after() as [Operation];
  const init = { ...template, input: { x: 0, y: 1 }, output: { x: 0, y: 1 }, invokedAt: -100, completedAt: -50 };
  const others = Array.from({ length: random.integer(1, 5) }, (_, i): Operation => {
    const input = Array.from({ length: random.integer(1, 3) }, micro);
    const times = { invokedAt: 10 * i - random.integer(0, 25), completedAt: 10 * i + random.integer(1, 25) };
    const unknown = random.next() < 0.2;
    if (unknown && random.next() < 0.5)
      return { ...template, ...times, index: i + 1, f: "txn", input, output: null, outcome: "info", completedAt: Number.POSITIVE_INFINITY };
    const output = input.map((one) => step(state, one));
    const known = { ...template, ...times, index: i + 1, process: `p${i}`, f: "txn", input, output };
    return unknown ? { ...known, output: null, outcome: "info", completedAt: Number.POSITIVE_INFINITY } : known;
  });
  return [init, ...others];
}

/** Whether any order, of all that was acknowledged and some of what is unknown, gives the answers. */
function hasSerialOrder(operations: readonly Operation[], state: State): boolean {
  if (operations.every(({ outcome }) => outcome === "info")) return true;
  return operations.some((first) => {
    const next = new Map(state);
    const answers = (first.input as unknown as readonly Micro[]).map((micro) => step(next, micro));
    if (first.outcome === "ok" && !answers.every((one, i) => alike(one, (first.output as readonly Json[])[i]))) return false;
    return hasSerialOrder(
      operations.filter((other) => other !== first),
      next,
    );
  });
}
const alike = (a: Json | Micro, b: Json | undefined): boolean => {
  const text = (value: Json | Micro | undefined) =>
    JSON.stringify(value, (_, one) => (one?.constructor === Object ? Object.entries(one).sort() : one));
  return text(a) === text(b);
};

test("what was executed in one order is never blamed, in whatever order its lines come", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => inAnyOrder(closedPredicate, execute(seeded(seed)), {}, seeded(seed, "order")).valid !== false),
    { numRuns: executions },
  );
});

test("whatever is blamed has no serial order, with answers made up", () => {
  let blamed = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seeded(seed);
      const [init, ...others] = execute(random) as [Operation, ...Operation[]];
      const forged = others.map((operation) => ({
        ...operation,
        output: (operation.output as readonly Micro[] | null)?.map(([f, of, value]): Micro => {
          if (random.next() < 0.6) return [f, of, value];
          if (f === "r") return [f, of, random.pick([null, 0, 1, 2, 3])];
          return f === "rp" ? [f, of, Object.fromEntries(Object.entries(value ?? {}).filter(() => random.next() < 0.5))] : [f, of, value];
        }) as Json,
      }));
      if (check([init, ...forged]).valid !== false) return true;
      blamed++;
      return !hasSerialOrder(
        forged,
        new Map([
          ["x", 0],
          ["y", 1],
        ]),
      );
    }),
    { numRuns: fewerExecutions },
  );
  expect(blamed).toBeGreaterThan(fewerExecutions / 20);
});

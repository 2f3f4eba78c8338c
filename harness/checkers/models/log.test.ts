import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../core/history.ts";
import { type Random, seeded } from "../../core/random.ts";
import { historyOf, inAnyOrder, type Line, options } from "../elle/fixtures.ts";
import { executions } from "../executions.ts";
import log from "./log.ts";

const check = (lines: readonly Line[]) => log.check(historyOf(lines), options);
const types = (lines: readonly Line[]) => check(lines).anomalies.map(({ type }) => type);

type Pair = readonly [offset: number, value: Json];
const done = (process: string, f: string, value: Json, type: Line["type"] = "ok"): Line[] => [
  { type: "invoke", process, f, value },
  { type, process, f, value },
];
const send = (process: string, pairs: readonly Pair[], type: Line["type"] = "ok") =>
  done(
    process,
    "send",
    pairs.map((pair) => ["send", "x", pair]),
    type,
  );
const poll = (process: string, pairs: readonly Pair[], type: Line["type"] = "ok") => done(process, "poll", [["poll", { x: pairs }]], type);

test("an empty history decides nothing; a log that is read from end to end holds, gaps between offsets and all", () => {
  expect(check([])).toMatchObject({ valid: "unknown", operations: 0 });
  expect(
    check([
      ...send("p", [
        [0, "a"],
        [5, "b"],
      ]),
      ...poll("c", [[0, "a"]]),
      ...poll("c", [[5, "b"]]),
    ]),
  ).toMatchObject({ valid: true, operations: 3, anomalies: [] });
});

test("what is lost, skipped, doubled, read backwards or contradicted violates", () => {
  const sent = send("p", [
    [0, "a"],
    [1, "b"],
    [2, "c"],
  ]);
  expect(
    types([
      ...sent,
      ...poll("c", [
        [0, "a"],
        [2, "c"],
      ]),
    ]),
  ).toEqual(["int-poll-skip", "lost-write", "unseen"]);
  expect(
    types([
      ...sent,
      ...poll("c", [
        [0, "a"],
        [1, "b"],
        [2, "c"],
      ]),
      ...poll("c", [[1, "b"]]),
    ]),
  ).toEqual(["nonmonotonic-poll"]);
  expect(
    types([
      ...sent,
      ...poll("d", [
        [0, "a"],
        [1, "b"],
        [2, "c"],
      ]),
      ...poll("c", [[0, "a"]]),
      ...poll("c", [[2, "c"]]),
    ]),
  ).toEqual(["poll-skip"]);
  expect(
    types([
      ...send("p", [[0, "a"]]),
      ...poll("c", [
        [0, "a"],
        [3, "a"],
      ]),
    ]),
  ).toContain("duplicate");
  expect(types([...send("p", [[0, "a"]]), ...send("q", [[0, "b"]]), ...poll("c", [[0, "a"]]), ...poll("d", [[0, "b"]])])).toEqual([
    "inconsistent-offsets",
  ]);
  expect(types([...send("p", [[0, "a"]], "fail"), ...poll("c", [[0, "a"]])])).toEqual(["G1a"]);
});

test("a send of unknown outcome owes nothing until some of it is read; what is unread at the end is unknown", () => {
  expect(check([...send("p", [[0, "a"]], "info"), ...send("p", [[1, "b"]]), ...poll("c", [[1, "b"]])]).valid).toBe(true);
  expect(
    types([
      ...send(
        "p",
        [
          [0, "a"],
          [1, "b"],
        ],
        "info",
      ),
      ...poll("c", [[1, "b"]]),
    ]),
  ).toContain("lost-write");
  expect(check([...send("p", [[0, "a"]]), ...poll("c", [])])).toMatchObject({ valid: "unknown", numbers: { unseenCount: 1 } });
});

test("a process that was given other keys may begin elsewhere", () => {
  const before = [
    ...send("p", [
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ]),
    ...poll("d", [
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ]),
    ...poll("c", [[0, "a"]]),
  ];
  expect(types([...before, ...done("c", "assign", ["y"]), ...poll("c", [[2, "c"]])])).toEqual([]);
  expect(types([...before, ...done("c", "assign", ["x"]), ...poll("c", [[2, "c"]])])).toEqual(["poll-skip"]);
});

/** Producers that fill a log, and consumers that read on from where they are, to the end. */
function correct(random: Random): Line[] {
  const lines: Line[] = [];
  const content: Pair[] = [];
  const next = new Map<string, number>([
    ["c1", 0],
    ["c2", 0],
  ]);
  let offset = 0;
  const read = (consumer: string, count: number): void => {
    const from = next.get(consumer) ?? 0;
    const pairs = content.slice(from, from + count);
    if (random.next() < 0.1) lines.push(...poll(consumer, pairs, "fail"));
    else {
      next.set(consumer, from + pairs.length);
      lines.push(...poll(consumer, pairs));
    }
  };
  for (let i = 0; i < 12; i++) {
    const pairs = Array.from({ length: random.integer(1, 3) }, (): Pair => {
      offset += random.integer(1, 2);
      return [offset, `v${offset}`];
    });
    const fate = random.pick(["ok", "ok", "ok", "info", "info and done", "fail"] as const);
    if (fate === "ok" || fate === "info and done") content.push(...pairs);
    lines.push(...send(`p${i}`, pairs, fate === "info and done" ? "info" : fate));
    if (random.next() < 0.5) read(random.pick(["c1", "c2"]), random.integer(0, 3));
  }
  for (const consumer of next.keys()) while ((next.get(consumer) ?? 0) < content.length) read(consumer, 100);
  return lines;
}

test("correct logs are never accused, and a value that nobody reads any more is always found", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const lines = correct(seeded(seed));
      const answer = inAnyOrder(log, historyOf(lines), {}, seeded(seed, "order"));
      if (answer.valid !== true) throw new Error(answer.anomalies[0]?.text ?? answer.notes.join(" "));
      const end = 1000 + lines.length;
      const planted = [
        ...lines,
        ...send("p", [
          [end, "lost"],
          [end + 1, "last"],
        ]),
        ...poll("c3", [[end + 1, "last"]]),
      ];
      const found = inAnyOrder(log, historyOf(planted), {}, seeded(seed, "order"));
      expect(found.anomalies.map(({ type }) => type)).toContain("lost-write");
    }),
    { numRuns: executions },
  );
});

test("a million operations are begun within the limit that is given unasked, and the keys count in what they take", () => {
  const share = 50;
  const begun = (keyOf: (i: number) => string) => {
    const lines = Array.from({ length: 1_000_000 / share / 2 }, (_, i): Line[] => [
      ...done("p", "send", [["send", keyOf(i), [i, `element-${i}`]]]),
      ...done("p", "poll", [["poll", { [keyOf(i)]: [[i, `element-${i}`]] }]]),
    ]);
    return log.check(historyOf(lines.flat()), { ...options, memoryLimitBytes: 2 ** 30 / share });
  };
  expect(begun(() => "x").valid).toBe(true);
  expect(begun((i) => `key-${i}`).notes[0]).toMatch(/more than the memory limit/);
});

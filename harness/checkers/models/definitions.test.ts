/** Judged a second time, straight from the definitions and by trying everything: models whose algorithm has no other one beside it, on small histories. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import { type Random, seeded } from "../../core/random.ts";
import { options } from "../elle/fixtures.ts";
import { executions } from "../executions.ts";
import { operation } from "../fixtures.ts";
import causalReverse from "./causal-reverse.ts";
import log from "./log.ts";
import longFork from "./long-fork.ts";

/** @param judge what the history shows by definition, in the words that `told` finds in the model's answer */
function agrees(model: Model, generated: (random: Random) => Operation[], judge: (history: readonly Operation[]) => boolean): void {
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const history = generated(seeded(seed)).map((one, index) => ({ ...one, index }));
      const valid = judge(history);
      const answer = model.check(history, options);
      if (answer.valid === "unknown" && answer.operations === 0) return;
      expect(answer.valid, answer.anomalies[0]?.text ?? "nothing was found").toBe(valid);
      seen[`${valid}`]++;
    }),
    { numRuns: executions },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(executions / 20);
}

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length === 0 ? [[]] : all.flatMap((one, i) => permutations(all.filter((_, k) => k !== i)).map((rest) => [one, ...rest]));
const listIn = (value: Json): readonly Json[] => value as readonly Json[];

test("long-fork: some order of the writes explains all reads, each by a beginning of it", () => {
  const keys = ["x", "y", "z"];
  const generated = (random: Random) =>
    Array.from({ length: random.integer(1, 5) }, (_, i) => {
      const order = random.next() < 0.7 ? keys : random.shuffle(keys);
      const seen = new Set(order.slice(0, random.integer(0, keys.length)));
      // Values are all 1: each key is written once.
      const output = random.shuffle(keys).map((key) => ["r", key, seen.has(key) ? 1 : null]);
      return operation({ f: "read", process: `p${i}`, invokedAt: 10 * i, output, outcome: random.next() < 0.1 ? "info" : "ok" });
    });
  agrees(longFork, generated, (history) =>
    permutations(keys).some((order) =>
      history.every(({ output, outcome }) => {
        const seen = listIn(output).flatMap((micro) => (listIn(micro)[2] === 1 ? [listIn(micro)[1]] : []));
        return outcome !== "ok" || order.slice(0, seen.length).every((key) => seen.includes(key));
      }),
    ),
  );
});

test("causal-reverse: whoever sees a write sees all that was acknowledged before it was invoked", () => {
  const generated = (random: Random) =>
    Array.from({ length: random.integer(2, 8) }, (_, i) => {
      const invokedAt = random.integer(0, 30);
      const answeredAt = invokedAt + random.integer(1, 12);
      const outcome = random.pick(["ok", "ok", "ok", "info", "fail"] as const);
      const times = { invokedAt, answeredAt, completedAt: outcome === "info" ? Number.POSITIVE_INFINITY : answeredAt };
      if (random.next() < 0.6) return operation({ f: "write", process: `p${i}`, input: random.next() < 0.1 ? 0 : i, outcome, ...times });
      const seen = Array.from({ length: 8 }, (_, value) => value).filter(() => random.next() < 0.7);
      return operation({ f: "read", process: `p${i}`, output: random.shuffle(seen), outcome, ...times });
    });
  agrees(causalReverse, generated, (history) => {
    const reads = history.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    const writes = history.filter(({ f, outcome }) => f === "write" && outcome !== "fail");
    return reads.every(({ output }) => {
      const sees = (value: Json): boolean => listIn(output).includes(value);
      return writes.every(
        (one) =>
          sees(one.input) ||
          one.outcome !== "ok" ||
          // A value that was written twice may have been seen since the first of its writes.
          writes.every((other) => !sees(other.input) || writes.some((same) => same.input === other.input && same.invokedAt <= one.completedAt)),
      );
    });
  });
});

type Pair = readonly [offset: number, value: string];

/** Sends and polls of one key that mostly go on where they were: values are named after their place, a few are not. */
function logHistory(random: Random): Operation[] {
  const next = new Map<string, number>();
  let end = 0;
  let time = 0;
  const history: Operation[] = [];
  for (let i = 0; i < random.integer(2, 7); i++) {
    const process = random.pick(["p", "q"]);
    const outcome = random.pick(["ok", "ok", "ok", "ok", "info", "fail"] as const);
    const invokedAt = time + 1;
    const overlaps = random.next() < 0.2;
    const answeredAt = invokedAt + (overlaps ? 30 : 5);
    time = invokedAt + (overlaps ? 2 : 6);
    const times = { invokedAt, answeredAt, completedAt: outcome === "info" ? Number.POSITIVE_INFINITY : answeredAt };
    const odd = (place: number): number => (random.next() < 0.06 ? random.integer(0, 5) : place);
    const pair = (place: number): Pair => [odd(place), `v${odd(place)}`];
    if (random.next() < 0.1) {
      history.push(operation({ f: "assign", process, input: random.pick([["x"], ["y"]]), ...times, outcome }));
    } else if (random.next() < 0.45) {
      const sent = Array.from({ length: random.integer(1, 2) }, (_, k) => pair(end + k));
      if (outcome !== "fail" && (outcome === "ok" || random.next() < 0.6)) end += sent.length;
      history.push(operation({ f: "send", process, output: sent.map((one) => ["send", "x", one]), ...times, outcome }));
    } else {
      const from = random.next() < 0.3 ? random.integer(0, end) : (next.get(process) ?? 0);
      const until = Math.max(from, Math.min(end + (random.next() < 0.05 ? 1 : 0), from + random.integer(0, 3)));
      const polled = Array.from({ length: until - from }, (_, k) => pair(from + k));
      if (outcome === "ok") next.set(process, until);
      history.push(operation({ f: "poll", process, output: [["poll", { x: polled }]], ...times, outcome }));
    }
  }
  return history;
}

const sentBy = ({ f, output }: Operation): readonly Pair[] =>
  f === "send" ? listIn(output).map((micro) => listIn(micro)[2] as unknown as Pair) : [];
const polledBy = ({ f, output }: Operation): readonly Pair[] =>
  f === "poll" ? ((listIn(listIn(output)[0] as Json)[1] as { readonly x: unknown }).x as readonly Pair[]) : [];

/** The names of all that contradicts a log, by what they mean. */
function contradictions(history: readonly Operation[]): Set<string> {
  const found = new Set<string>();
  const values = (pairs: readonly Pair[]): string[] => pairs.map(([, value]) => value);
  // The last of several that sent one value is taken for its sender.
  const sender = (value: string): Operation | undefined => history.findLast((one) => values(sentBy(one)).includes(value));
  const isRead = (value: string): boolean => history.some((one) => one.outcome === "ok" && values(polledBy(one)).includes(value));
  const certain = (one: Operation): boolean => one.outcome === "ok" || (one.outcome === "info" && values(sentBy(one)).some(isRead));
  const placed = history.flatMap((one) => (certain(one) ? [...sentBy(one), ...polledBy(one)] : polledBy(one)));
  const offsets = [...new Set(placed.map(([offset]) => offset))].sort((a, b) => a - b);
  const at = (offset: number): string[] => [...new Set(placed.filter((pair) => pair[0] === offset).map(([, value]) => value))];
  const places = (value: string): number[] => offsets.flatMap((offset, place) => (at(offset).includes(value) ? [place] : []));
  if (offsets.some((offset) => at(offset).length > 1)) found.add("inconsistent-offsets");
  if (placed.some(([, value]) => places(value).length > 1)) found.add("duplicate");
  // The place of a value that stands alone at its offset, the last of them if there are several.
  const place = (value: string | undefined): number | undefined =>
    value === undefined ? undefined : places(value).findLast((one) => at(offsets[one] as number).length === 1);
  const moves = (from: string | undefined, to: string | undefined, skip: string, back: string): void => {
    const [a, b] = [place(from), place(to)];
    if (a === undefined || b === undefined) return;
    if (b <= a) found.add(back);
    else if (b > a + 1 && skip !== "") found.add(skip);
  };
  for (const one of history) {
    const polled = values(polledBy(one));
    const sent = values(sentBy(one));
    if (one.outcome === "ok" && polled.some((value) => sender(value)?.outcome === "fail")) found.add("G1a");
    for (let i = 1; i < polled.length; i++) moves(polled[i - 1], polled[i], "int-poll-skip", "int-nonmonotonic-poll");
    for (let i = 1; i < sent.length; i++) moves(sent[i - 1], sent[i], "int-send-skip", "int-nonmonotonic-send");
    // The process's last operation of the kind that counted, unless the key was taken from it since.
    const before = (of: (operation: Operation) => readonly Pair[], counts: (operation: Operation) => boolean): Operation | undefined => {
      const earlier = history.filter((other) => other.process === one.process && other.invokedAt < one.invokedAt);
      const taken = earlier.findLastIndex(({ f, input, outcome }) => f === "assign" && outcome !== "fail" && !listIn(input).includes("x"));
      return earlier.slice(taken + 1).findLast((other) => of(other).length > 0 && counts(other));
    };
    const lastPoll = before(polledBy, ({ outcome }) => outcome === "ok");
    if (lastPoll) moves(values(polledBy(lastPoll)).at(-1), polled[0], "poll-skip", "nonmonotonic-poll");
    const lastSend = before(sentBy, ({ outcome }) => outcome !== "fail");
    if (lastSend && one.outcome !== "fail") moves(values(sentBy(lastSend)).at(-1), sent[0], "", "nonmonotonic-send");
    for (const value of polled) {
      const writer = sender(value);
      // It was polled before it was sent.
      if (writer && writer.outcome !== "fail" && one.outcome === "ok" && one.completedAt < writer.invokedAt) found.add("from the future");
    }
    for (const value of sent) {
      if (sender(value) !== one || isRead(value) || !certain(one)) continue;
      const last = places(value).at(-1);
      if (last !== undefined && placed.some(([, other]) => isRead(other) && (places(other)[0] as number) >= last)) found.add("lost-write");
    }
  }
  return found;
}

test("log: each contradiction is found exactly where its definition says so", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const history = logHistory(seeded(seed)).map((one, index) => ({ ...one, index }));
      const byDefinition = contradictions(history);
      const types = new Set(log.check(seeded(seed, "order").shuffle(history), options).anomalies.map(({ type }) => type));
      // Cycles have names of their own. Without transactions, one of real time and reads is a poll from the future.
      if ([...types].some((type) => /^G.*-(process|realtime)$|^G1c$/.test(type))) types.add("from the future");
      for (const type of [...types]) if (!names.includes(type)) types.delete(type);
      expect([...types].sort(), JSON.stringify(history.map(({ f, process, outcome, output }) => [f, process, outcome, output]))).toEqual(
        [...byDefinition].sort(),
      );
      for (const type of types.size === 0 ? ["none"] : types) seen.set(type, (seen.get(type) ?? 0) + 1);
    }),
    { numRuns: executions },
  );
  for (const name of [...names, "none"]) expect([name, (seen.get(name) ?? 0) > executions / 5000]).toEqual([name, true]);
});

const names = [
  "inconsistent-offsets",
  "duplicate",
  "G1a",
  "int-poll-skip",
  "int-nonmonotonic-poll",
  "int-send-skip",
  "int-nonmonotonic-send",
  "poll-skip",
  "nonmonotonic-poll",
  "nonmonotonic-send",
  "lost-write",
  "from the future",
];

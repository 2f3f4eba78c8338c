import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import type { Checker } from "../core/verdict.ts";
import { executions } from "./executions.ts";
import { evidence, operation } from "./fixtures.ts";
import { some } from "./property.ts";
import { streamsDurable, streamsGapFree, streamsOrdered, streamsResumable, streamsUnique } from "./streams.ts";
import { ofSubscriptions, spreadOverInstances } from "./subscriptions.ts";

const checkers: Readonly<Record<string, Checker>> = {
  ordered: ofSubscriptions(streamsOrdered),
  unique: ofSubscriptions(streamsUnique),
  "gap-free": ofSubscriptions(streamsGapFree),
  resumable: ofSubscriptions(streamsResumable),
  durable: ofSubscriptions(streamsDurable),
};
const subscribe = (after: number | null, ready: number, ids: readonly number[], given: Partial<Operation> = {}): Operation => {
  const messages = ids.map((id) => ({ id, message: `turn ${id}`, at: 1000 + id * 10 }));
  return operation({ f: "subscribe", key: "a", invokedAt: 900, completedAt: 5000, input: { after }, output: { ready, messages }, ...given });
};
const stored = (last: number): Operation => {
  const events = Array.from({ length: last }, (_, i) => ({ id: i + 1, kind: "message", attempt: 0 }));
  return operation({ f: "events", key: "a", invokedAt: 9000, output: { events, complete: true } });
};
const verdicts = (...operations: readonly Operation[]): Record<string, string> =>
  Object.fromEntries(Object.entries(checkers).map(([name, checker]) => [name, checker(evidence({ operations })).verdict]));
const violated = (...operations: readonly Operation[]): string[] =>
  Object.entries(verdicts(...operations)).flatMap(([name, verdict]) => (verdict === "violated" ? [name] : []));

test("connections from the beginning, from now on, cut off and resumed hold", () => {
  const operations = [subscribe(0, 0, [1, 2, 3]), subscribe(null, 2, [3, 4]), subscribe(3, 3, [4, 5], { outcome: "info" }), stored(5)];
  expect(new Set(Object.values(verdicts(...operations)))).toEqual(new Set(["holds"]));
});

test("each guarantee is broken by its own fault", () => {
  expect(violated(subscribe(0, 0, [1, 2, 2]), stored(2))).toEqual(["unique"]);
  expect(violated(subscribe(1, 1, [1, 2]), stored(2))).toEqual(["unique"]);
  expect(violated(subscribe(0, 0, [2, 1]), stored(2))).toEqual(["ordered", "resumable"]);
  expect(violated(subscribe(0, 0, [1, 3]), stored(3))).toEqual(["gap-free"]);
  expect(violated(subscribe(2, 2, [4]), stored(4))).toEqual(["resumable"]);
  expect(violated(subscribe(null, 2, [4]), stored(4))).toEqual(["resumable"]);
  // What the server says it begins after does not excuse what the client had asked for.
  expect(violated(subscribe(2, 3, [4]), stored(4))).toEqual(["resumable"]);
  expect(violated(subscribe(0, 0, [1, 2]), stored(1))).toEqual(["durable"]);
});

test("what a connection of unknown outcome brought counts, and what it did not bring is nobody's fault", () => {
  expect(violated(subscribe(0, 0, [1, 3], { outcome: "info" }), stored(3))).toEqual(["gap-free"]);
  expect(violated(subscribe(0, 0, [1], { outcome: "info" }), subscribe(0, 0, [], { outcome: "info" }), stored(3))).toEqual([]);
});

test("nothing received, and streams of runs, are inconclusive", () => {
  const stream = operation({
    f: "stream",
    key: "r",
    invokedAt: 0,
    input: { lastEventId: 0 },
    output: { events: [{ id: 1, kind: "step", attempt: 1 }] },
  });
  for (const operations of [[], [subscribe(0, 0, [])], [stream]])
    expect(new Set(Object.values(verdicts(...operations)))).toEqual(new Set(["inconclusive"]));
});

test("clients of one agent on several instances are needed", () => {
  const judged = (...operations: readonly Operation[]) => spreadOverInstances(evidence({ operations })).verdict;
  expect(judged(subscribe(0, 0, [1], { by: "api-1" }), subscribe(0, 0, [1], { by: "api-2" }))).toBe("holds");
  expect(judged(subscribe(0, 0, [1], { by: "api-1" }), subscribe(0, 0, [1], { by: "api-1" }))).toBe("inconclusive");
  expect(judged(subscribe(0, 0, [1], { by: "api-1" }), subscribe(0, 0, [], { by: "api-2" }))).toBe("inconclusive");
  expect(judged(subscribe(0, 0, [1], { by: "api-1" }), subscribe(0, 0, [1], { by: "" }))).toBe("inconclusive");
  expect(judged(subscribe(0, 0, [1], { key: "a", by: "api-1" }), subscribe(0, 0, [1], { key: "b", by: "api-2" }))).toBe("inconclusive");
  expect(judged()).toBe("inconclusive");
});

test("clients that come, go and resume are never accused, and a message that is taken out or repeated is always found", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const last = random.integer(1, 30);
      const connections = Array.from({ length: random.integer(1, 5) }, () => {
        const from = random.integer(0, last);
        const ids = Array.from({ length: random.integer(0, last - from) }, (_, i) => from + i + 1);
        return subscribe(random.next() < 0.5 ? from : null, from, ids, { outcome: random.pick(["ok", "info"]) });
      });
      expect(violated(...connections, stored(last))).toEqual([]);
      expect(violated(stored(last), ...random.shuffle(connections))).toEqual([]);
      const idsOf = (one: Operation) => (one.output as { readonly messages: readonly { readonly id: number }[] }).messages.map(({ id }) => id);
      const victim = some(random, connections, (one) => idsOf(one).length > 1);
      if (!victim) return;
      const ids = idsOf(victim);
      const from = (ids[0] as number) - 1;
      const n = random.integer(0, ids.length - 2);
      const others = connections.filter((one) => one !== victim);
      expect(violated(...others, subscribe(from, from, ids.toSpliced(n, 1)), stored(last))).not.toEqual([]);
      expect(violated(...others, subscribe(from, from, ids.toSpliced(n, 0, ids[n] as number)), stored(last))).toContain("unique");
    }),
    { numRuns: executions },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../core/history.ts";
import { type Random, seeded } from "../core/random.ts";
import type { Checker } from "../core/verdict.ts";
import { executions } from "./executions.ts";
import { evidence, lateElsewhere, operation } from "./fixtures.ts";
import { some } from "./property.ts";
import {
  firstEventInTime,
  nothingAfterTheEnd,
  streamsAlive,
  streamsDurable,
  streamsGapFree,
  streamsOrdered,
  streamsResumable,
  streamsUnique,
} from "./streams.ts";

interface Event {
  readonly id: number;
  readonly kind: string;
  readonly attempt: number;
  readonly at: number;
}

const event = (id: number, kind = "step", attempt = 1, at = 1000 + id * 10): Event => ({ id, kind, attempt, at });
const stream = (
  events: readonly Event[],
  given: Partial<Operation> & { readonly lastEventId?: number; readonly silenceMaxMs?: number } = {},
): Operation => {
  const { lastEventId = 0, silenceMaxMs = 10, ...rest } = given;
  const output = { events: events as unknown as Json, silenceMaxMs };
  return operation({ f: "stream", key: "r1", invokedAt: 900, completedAt: 2000, input: { lastEventId }, output, ...rest });
};
const stored = (events: readonly Event[]): Operation =>
  operation({ f: "events", key: "r1", invokedAt: 9000, output: { events: events as unknown as Json, complete: true } });

const all = [event(1, "attempt"), event(2), event(3, "attempt", 2), event(4, "step", 2), event(5, "end", 2)];
const checkers: Readonly<Record<string, Checker>> = {
  ordered: streamsOrdered,
  unique: streamsUnique,
  "gap-free": streamsGapFree,
  resumable: streamsResumable,
  durable: streamsDurable,
  "nothing after the end": nothingAfterTheEnd,
  heartbeat: streamsAlive({ boundMs: 100 }),
  "first event": firstEventInTime({ boundMs: 200 }),
};
/** The names of the checkers that find a violation. */
const violated = (...operations: readonly Operation[]): string[] =>
  Object.entries(checkers).flatMap(([name, checker]) => (checker(evidence({ operations })).verdict === "violated" ? [name] : []));

test("whole streams, resumed ones and broken ones hold", () => {
  const resumed = stream(all.slice(2), { lastEventId: 2, invokedAt: 1100, process: "p2" });
  const operations = [stream(all), resumed, stream(all.slice(0, 2), { outcome: "info", process: "p3" }), stored(all)];
  for (const [name, checker] of Object.entries(checkers)) expect([name, checker(evidence({ operations })).verdict]).toEqual([name, "holds"]);
  expect(streamsResumable(evidence({ operations })).numbers).toEqual({ resumes: 3, positionsTried: 2, positions: 5 });
});

test("each guarantee is broken by its own fault", () => {
  expect(violated(stream([event(1), event(3), event(2)]))).toEqual(["ordered"]);
  expect(violated(stream([event(1), event(10), event(9)]))).toEqual(["ordered"]);
  expect(violated(stream([event(1), event(2, "step", 2), event(3, "step", 1)]))).toEqual(["ordered"]);
  expect(violated(stream([event(1), event(2), event(2)]))).toEqual(["unique"]);
  expect(violated(stream([event(2), event(3)], { lastEventId: 2 }))).toEqual(["unique"]);
  expect(violated(stream([event(1)]), stream([event(1, "tokens")], { process: "p2" }))).toEqual(["unique"]);
  expect(violated(stream([event(1, "tokens")]), stored([event(1)]))).toEqual(["unique"]);
  expect(violated(stream([event(1), event(3)]), stored([event(1), event(2), event(3)]))).toEqual(["gap-free"]);
  expect(violated(stream([event(1), event(3)]), stream([event(1), event(2)], { process: "p2" }))).toEqual(["gap-free"]);
  expect(violated(stream([event(3)], { lastEventId: 1 }), stored([event(1), event(2), event(3)]))).toEqual(["resumable"]);
  expect(violated(stream([event(1), event(2)]), stored([event(1)]))).toEqual(["durable"]);
  expect(violated(stream([event(1, "end"), event(2)]))).toEqual(["nothing after the end"]);
  expect(violated(stream([event(1)], { silenceMaxMs: 200 }))).toEqual(["heartbeat"]);
  expect(violated(stream([event(1)]), stream([event(1, "step", 1, 1700)], { invokedAt: 1400, process: "p2" }))).toEqual(["first event"]);
});

test("what a broken stream brought counts, and what it did not bring is nobody's fault", () => {
  expect(violated(stream([event(1), event(3)], { outcome: "info" }), stored([event(1), event(2), event(3)]))).toEqual(["gap-free"]);
  expect(violated(stream([event(1, "attempt")], { outcome: "info" }), stored(all))).toEqual([]);
});

test("an end that was sent and is not in the store was not durable, although such a store holds no end of the run", () => {
  const without = (invokedAt: number) => {
    const look = stored(all.slice(0, 4));
    return { ...look, invokedAt, output: { events: all.slice(0, 4) as unknown as Json, complete: false } };
  };
  const check = streamsDurable(evidence({ operations: [stream(all), without(9000)] }));
  expect(check).toMatchObject({ verdict: "violated", count: 1, examined: 5 });
  expect(check.summary).toContain("event 5 was sent, and the store does not hold it");
  // Of what was sent after the look nothing is known.
  expect(streamsDurable(evidence({ operations: [stream(all), without(1045)] }))).toMatchObject({ verdict: "holds", examined: 4 });
});

test("who is sent nothing waits in vain for what others had before he asked", () => {
  const told = stream([event(1), event(2)]);
  const silent = (given: Parameters<typeof stream>[1]) => violated(told, stream([], { outcome: "info", invokedAt: 1400, process: "p2", ...given }));
  expect(silent({ answeredAt: 1700 })).toEqual(["first event"]);
  expect(silent({ answeredAt: 1700, lastEventId: 1 })).toEqual(["first event"]);
  expect(silent({ answeredAt: 1500 })).toEqual([]);
  expect(silent({ answeredAt: 1700, error: "status 503" })).toEqual([]);
  // There was nothing more, or nobody had it yet.
  expect(silent({ answeredAt: 1700, lastEventId: 2 })).toEqual([]);
  expect(silent({ answeredAt: 1700, invokedAt: 1005 })).toEqual([]);
  // Interrupted by the end of the load, which was when the last operation began; never completed, of which nothing is known.
  const never = { answeredAt: Number.POSITIVE_INFINITY };
  const later = operation({ f: "create", invokedAt: 1800 });
  expect(violated(told, later, stream([], { outcome: "info", invokedAt: 1400, process: "p2", ...never }))).toEqual(["first event"]);
  expect(violated(told, later, stream([], { outcome: "info", invokedAt: 1400, process: "p2", ...never, output: null }))).toEqual([]);
});

test("a miss while timers lagged decides nothing", () => {
  expect(streamsAlive({ boundMs: 100 })(evidence({ operations: [stream([event(1)], { silenceMaxMs: 900 })], lagMs: 30 })).verdict).toBe(
    "inconclusive",
  );
});

test("no streams, or empty ones, are inconclusive", () => {
  for (const [name, checker] of Object.entries(checkers)) expect([name, checker(evidence()).verdict]).toEqual([name, "inconclusive"]);
  expect(streamsGapFree(evidence({ operations: [stream([])] })).verdict).toBe("inconclusive");
});

/** Runs whose clients join at any event, lose the connection at any other and resume, and the store at the end. */
function correct(random: Random): Operation[] {
  const operations: Operation[] = [];
  for (const key of ["r1", "r2"]) {
    const length = random.integer(2, 14);
    let attempt = 1;
    const log = Array.from({ length }, (_, i) => {
      if (i > 0 && random.next() < 0.2) attempt++;
      return event(i + 1, i + 1 === length ? "end" : "step", attempt);
    });
    for (let client = 0; client < 3; client++) {
      for (let last = client === 0 ? 0 : random.integer(0, length - 1), part = 0; last < length; part++) {
        const until = random.integer(last + 1, length);
        const events = log.slice(last, until).map((one) => ({ ...one, at: one.at + random.integer(0, 50) + client }));
        const outcome = until === length ? "ok" : random.pick(["ok", "info"] as const);
        operations.push(stream(events, { key, lastEventId: last, outcome, process: `${key}-${client}-${part}` }));
        last = until;
      }
    }
    operations.push({ ...stored(log), key });
  }
  return operations;
}

const always = (judge: (seed: number) => void) => fc.assert(fc.property(fc.nat(), judge), { numRuns: executions });
const eventsIn = ({ output }: Operation) => (output as unknown as { readonly events: readonly Event[] }).events;

test("correct streams are never accused, in whatever order their lines come", () => {
  always((seed) => {
    const operations = correct(seeded(seed));
    const wrong = [...violated(...operations), ...violated(...seeded(seed, "order").shuffle(operations))];
    if (wrong.length > 0) throw new Error(wrong.join());
  });
});

const plants: Readonly<Record<string, (events: readonly Event[], random: Random) => readonly Event[]>> = {
  ordered: (events) => [events[1] as Event, events[0] as Event, ...events.slice(2)],
  unique: (events, random) => events.flatMap((one, i) => (i === random.integer(0, 1) ? [one, one] : [one])).concat(events.slice(-1)),
  "gap-free": (events) => events.filter((_, i) => i !== 1),
  resumable: (events) => events.slice(1),
  durable: (events) => [...events, event(99, "step", 9)],
  "nothing after the end": (events) => [...events, event(99, "end", 9), event(100, "step", 9)],
};

test.each(Object.entries(plants))("%s: a planted fault is always found", (name, plant) => {
  always((seed) => {
    const operations = correct(seeded(seed));
    const victim = some(seeded(seed, "victim"), operations, (one) => one.f === "stream" && eventsIn(one).length > 2);
    if (!victim) return;
    const spoilt = { ...victim, output: { events: plant(eventsIn(victim), seeded(seed)) as unknown as Json } };
    expect(violated(...operations.map((one) => (one === victim ? spoilt : one)))).toContain(name);
  });
});

test("a lag of another time hides no miss, and one at some time of a long stream excuses its silence", () => {
  const alive = streamsAlive({ boundMs: 100 });
  expect(alive(evidence({ operations: [stream([event(1)], { silenceMaxMs: 900 })], ...lateElsewhere(1500, 95_000, 5000) })).verdict).toBe("violated");
  const long = stream([event(1)], { silenceMaxMs: 900, completedAt: 60_000 });
  expect(alive(evidence({ operations: [long], ...lateElsewhere(1500, 50_000, 500) })).verdict).toBe("inconclusive");
  const joined = stream([event(3, "step", 1, 5000)], { lastEventId: 2, invokedAt: 1100, completedAt: 6000, process: "p2" });
  const others = evidence({ operations: [stream(all), joined], ...lateElsewhere(2000, 95_000, 10_000) });
  expect(firstEventInTime({ boundMs: 200 })(others).verdict).toBe("violated");
});

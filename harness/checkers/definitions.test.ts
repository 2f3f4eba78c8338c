/** Streams, sessions and broadcasts judged a second time, straight from what they promise, on small records of any kind, right and wrong. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../core/history.ts";
import { type Random, seeded } from "../core/random.ts";
import type { Checker } from "../core/verdict.ts";
import { broadcast } from "./broadcast.ts";
import { executions } from "./executions.ts";
import { evidence, operation } from "./fixtures.ts";
import { monotonicReads, readYourWrites } from "./sessions.ts";
import { staleness } from "./staleness.ts";
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

/** The judges and the definition agree on what is violated, and each is violated and not violated often enough to mean something. */
function agree(
  generated: (random: Random) => Operation[],
  judges: Readonly<Record<string, readonly Checker[]>>,
  kept: (all: Operation[]) => Record<string, boolean>,
): void {
  const violations = new Map<string, number>();
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const operations = generated(seeded(seed)).map((one, index) => ({ ...one, index }));
      const given = evidence({ operations: seeded(seed, "order").shuffle(operations), constants: { cacheTtlMs: 30 } });
      const judged = Object.fromEntries(
        Object.entries(judges).map(([name, all]) => [name, all.every((judge) => judge(given).verdict !== "violated")]),
      );
      expect(judged, JSON.stringify(operations)).toEqual(kept(operations));
      for (const [name, isKept] of Object.entries(judged)) violations.set(name, (violations.get(name) ?? 0) + (isKept ? 0 : 1));
    }),
    { numRuns: executions },
  );
  for (const [name, count] of violations) expect([name, count > executions / 100 && count < executions * 0.9]).toEqual([name, true]);
}

const recorded = <T>({ output }: Operation, name: string): readonly T[] => ((output as Record<string, unknown>)[name] ?? []) as readonly T[];
const mostly = <T>(random: Random, usual: T, odd: () => T): T => (random.next() < 0.93 ? usual : odd());

interface Event {
  readonly id: number;
  readonly kind: string;
  readonly attempt: number;
  readonly at: number;
}

test("streams: what a client was sent is a piece of the log that begins with what follows the event it named", () => {
  const generated = (random: Random): Operation[] => {
    const length = random.integer(1, 6);
    let attempt = 1;
    const log = Array.from({ length }, (_, i): Event => {
      if (random.next() < 0.2) attempt += mostly(random, 1, () => -1);
      const kind = i + 1 === length ? "end" : mostly(random, "step", () => "end");
      return { id: 2 * i + 1, kind, attempt, at: 100 + 10 * i };
    });
    // Which event is the end is the same to everybody.
    const other = (one: Event): Event[] => [one.kind === "end" ? { ...one, attempt: 9 } : { ...one, kind: "other" }];
    const streams = Array.from({ length: random.integer(1, 3) }, (_, client) => {
      const from = random.integer(0, length - 1);
      const events = log.slice(from, random.integer(from, length)).flatMap((one) => {
        const seen = { ...one, at: one.at + random.integer(0, 120) };
        return mostly(random, [seen], () => random.pick([[], [seen, seen], other(seen), [{ ...seen, kind: "step", id: 2 * random.integer(0, 6) }]]));
      });
      return operation({
        f: "stream",
        key: "r",
        process: `p${client}`,
        invokedAt: 100 + random.integer(0, 60),
        outcome: random.pick(["ok", "info"]),
        input: { lastEventId: mostly(random, 2 * from - random.integer(0, 1), () => random.integer(0, 12)) },
        output: { events: mostly(random, events, () => random.shuffle(events)) as unknown as Json, silenceMaxMs: random.integer(0, 130) },
      });
    });
    if (random.next() < 0.3) return streams;
    const stored = log.flatMap((one) => mostly(random, [one], () => []));
    return [
      ...streams,
      operation({ f: "events", key: "r", invokedAt: 900, output: { events: stored as unknown as Json, complete: random.next() < 0.8 } }),
    ];
  };
  const judges = {
    "a piece of the log": [streamsOrdered, streamsUnique, streamsGapFree, streamsResumable],
    durable: [streamsDurable],
    "nothing after the end": [nothingAfterTheEnd],
    alive: [streamsAlive({ boundMs: 100 })],
    "first event": [firstEventInTime({ boundMs: 40 })],
  };
  agree(generated, judges, (operations) => {
    const streams = operations.filter(({ f }) => f === "stream");
    const eventsOf = (one: Operation) => recorded<Event>(one, "events");
    const everything = operations.flatMap(eventsOf);
    const log = [...new Set(everything.map(({ id }) => id))].sort((a, b) => a - b);
    // The store is looked at when all that was sent has been.
    const stores = operations.filter(({ f }) => f === "events");
    const numbered = (one: Operation, name: string): number => (one.input as Record<string, number>)[name] as number;
    const isPiece = (one: Operation): boolean => {
      const first = log.findIndex((id) => id > numbered(one, "lastEventId"));
      return eventsOf(one).every(({ id }, i) => id === log[first + i]);
    };
    const ends = new Set(operations.flatMap((one) => eventsOf(one).filter(({ kind }) => kind === "end")).map(({ id }) => id));
    return {
      "a piece of the log":
        streams.every(isPiece) &&
        streams.every((one) => eventsOf(one).every(({ attempt }, i, all) => all.slice(0, i).every((earlier) => earlier.attempt <= attempt))) &&
        everything.every((a) => streams.every((one) => eventsOf(one).every((b) => a.id !== b.id || (a.kind === b.kind && a.attempt === b.attempt)))),
      durable: stores.every((store) => streams.every((one) => eventsOf(one).every(({ id }) => eventsOf(store).some((other) => other.id === id)))),
      "nothing after the end":
        log.every((id) => !ends.has(id) || id === log.at(-1)) &&
        streams.every((one) => eventsOf(one).every(({ kind }, i, all) => kind !== "end" || i === all.length - 1)),
      alive: streams.every(({ output }) => (output as { readonly silenceMaxMs: number }).silenceMaxMs <= 100 + 5),
      "first event": streams.every((one) => {
        const [first] = eventsOf(one);
        const wasThere = streams.some((other) => eventsOf(other).some(({ id, at }) => id === first?.id && at + 2 < one.invokedAt));
        return first === undefined || !wasThere || first.at - one.invokedAt <= 40 + 5;
      }),
    };
  });
});

test("sessions: no read is older than what its session knew, nor than what had been acknowledged for too long", () => {
  const names = { write: "put", read: "look" };
  const generated = (random: Random): Operation[] =>
    Array.from({ length: random.integer(2, 7) }, (_, i) => {
      const invokedAt = random.integer(0, 80);
      const f = random.pick(["put", "look", "look"]);
      const version = f === "put" ? i + 1 : random.next() < 0.7 ? Math.floor(invokedAt / 14) : random.integer(0, 6);
      const output = version === 0 ? null : { version };
      const at = { invokedAt, answeredAt: invokedAt + random.integer(1, 20) };
      const outcome = random.pick(["ok", "ok", "ok", "ok", "info", "fail"] as const);
      const completedAt = outcome === "info" ? Number.POSITIVE_INFINITY : at.answeredAt;
      const session = random.pick(["s", "t"]);
      const who = random.next() < 0.5 ? { process: session } : { process: `p${i}`, input: { session } };
      return operation({ f, key: random.pick(["k", "k", "l"]), output, outcome, ...at, completedAt, ...who });
    });
  agree(generated, { "its writes": [readYourWrites(names)], "its reads": [monotonicReads(names)], "the bound": [staleness(names)] }, (operations) => {
    const answered = operations.filter(({ outcome }) => outcome === "ok");
    const version = ({ output }: Operation): number => (output as { readonly version: number } | null)?.version ?? 0;
    const session = ({ input, process }: Operation): string => (input as { readonly session: string } | null)?.session ?? process;
    /** Whether no read is older than an operation before it that it has to know of. */
    const knows = (owed: (earlier: Operation, read: Operation) => boolean): boolean =>
      answered.every((read) =>
        answered.every((earlier) => read.f !== "look" || earlier.key !== read.key || !owed(earlier, read) || version(read) >= version(earlier)),
      );
    // What another client of the session did counts once no copy may be older.
    const before = (a: Operation, b: Operation): boolean =>
      session(a) === session(b) && a.completedAt < b.invokedAt - (a.process === b.process ? 0 : 30 + 5);
    return {
      "its writes": knows((earlier, read) => earlier.f === "put" && before(earlier, read)),
      "its reads": knows((earlier, read) => earlier.f === "look" && before(earlier, read)),
      "the bound": knows((earlier, read) => earlier.f === "put" && read.invokedAt - earlier.completedAt > 30 + 5),
    };
  });
});

test("broadcast: whoever is connected all the while gets each message once, after those that came before it", () => {
  const generated = (random: Random): Operation[] => {
    const messages = Array.from({ length: random.integer(1, 4) }, (_, i) => {
      const invokedAt = 100 + 20 * i + random.integer(0, 40);
      return operation({
        f: "publish",
        key: "a",
        process: `p${i}`,
        input: { message: `m${i}` },
        invokedAt,
        outcome: random.pick(["ok", "ok", "ok", "info"]),
      });
    });
    const clients = Array.from({ length: random.integer(1, 3) }, (_, i) => {
      const connectedAt = mostly(random, 50, () => random.integer(50, 200));
      const closedAt = mostly(random, 400, () => random.integer(100, 400));
      const received = messages
        .toSorted((a, b) => a.invokedAt - b.invokedAt)
        .flatMap(({ input, invokedAt }) => {
          const one = { message: (input as { readonly message: string }).message, at: invokedAt + 5 };
          return mostly(random, [one], () => random.pick([[], [one, one], [{ ...one, message: "m9" }]]));
        });
      const heard = received.filter(({ at }) => at >= connectedAt && at <= closedAt);
      const output = { connectedAt, closedAt, messages: mostly(random, heard, () => random.shuffle(heard)) };
      return operation({ f: "subscribe", key: "a", process: `c${i}`, invokedAt: 40, completedAt: closedAt, output });
    });
    return [...messages, ...clients];
  };
  agree(generated, { "every message to every client": [broadcast({ graceMs: 50, published: "publish" })] }, (operations) => {
    const messages = operations.filter(({ f }) => f === "publish");
    const clients = operations.filter(({ f }) => f === "subscribe");
    const heardBy = (client: Operation): string[] => recorded<{ readonly message: string }>(client, "messages").map(({ message }) => message);
    const textOf = ({ input }: Operation): string => (input as { readonly message: string }).message;
    const times = ({ output }: Operation) => output as { readonly connectedAt: number; readonly closedAt: number };
    return {
      "every message to every client": clients.every((client) => {
        const heard = heardBy(client);
        const isOwed = ({ outcome, invokedAt, completedAt }: Operation): boolean =>
          outcome === "ok" && times(client).connectedAt < invokedAt - 2 && completedAt + 50 + 5 + 2 < times(client).closedAt;
        return (
          messages.every((message) => heard.filter((one) => one === textOf(message)).length <= 1) &&
          messages.every((message) => !isOwed(message) || heard.includes(textOf(message))) &&
          heard.every((one) => messages.some((message) => textOf(message) === one)) &&
          messages.every((a) =>
            messages.every((b) => {
              const [first, second] = [heard.indexOf(textOf(a)), heard.indexOf(textOf(b))];
              return first < 0 || second < 0 || first < second || a === b || !(a.completedAt + 2 < b.invokedAt);
            }),
          )
        );
      }),
    };
  });
});

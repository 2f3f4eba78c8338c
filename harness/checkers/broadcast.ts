/**
 * HS-8: a message is broadcast to every client that is connected, once and in order; judged as Jepsen's set-full judges the elements of a set, a client's
 * connection being the read. Operations: one that publishes (key: the agent; input `{message}`) and `subscribe` (key: the agent; output `{connectedAt, messages:
 * [{message, at}], closedAt}`, whatever the outcome; times in ms of the harness clock, `connectedAt` once the client knew itself connected; `by`: who let it in).
 */
import type { Json, Operation } from "../core/history.ts";
import { ascending, largest, quantileOfSorted } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { at, inTime, toleranceMs, withDoubts } from "./judge.ts";
import { busyFor } from "./saturation.ts";
import { field } from "./trail.ts";

/** Whoever was let in and is told nothing at all counts as connected so long after it asked (ms): it gave up on the upgrade before, and the server on its database. */
const toldWithinMs = 15_000;

interface Received {
  readonly message: string;
  readonly at: number;
}

interface Subscription {
  readonly operation: Operation;
  readonly connectedAt: number;
  readonly closedAt: number;
  readonly received: readonly Received[];
  /** When each message came for the first time. */
  readonly firstAt: ReadonlyMap<string, number>;
}

/**
 * `graceMs`: how long before the end of its connection a message must have been acknowledged for a client to be owed it (ms). `published`: the operation that
 * publishes, in the target's words.
 */
export function broadcast({ graceMs, published: f }: { readonly graceMs: number; readonly published: string }): Checker {
  return (evidence) => {
    const published = new Map<string, Operation[]>();
    const subscriptions = new Map<string, Subscription[]>();
    for (const operation of evidence.operations) {
      if (operation.f === f) push(published, operation.key, operation);
      else if (operation.f === "subscribe") push(subscriptions, operation.key, subscriptionOf(operation));
    }
    const found: Counterexample[] = [];
    const doubtful: Counterexample[] = [];
    const delaysMs: number[] = [];
    const counts = { messages: 0, stable: 0, lost: 0, neverRead: 0, duplicated: 0, unexpected: 0, misordered: 0 };
    for (const [key, messages] of published) {
      const ofKey = subscriptions.get(key) ?? [];
      deliveries(evidence, graceMs, key, messages, ofKey, counts, found, doubtful, delaysMs);
      order(evidence, key, messages, ofKey, counts, found);
    }
    const sorted = ascending(delaysMs);
    const text = {
      holds: `${counts.messages} messages reached every client that was connected, once and in order; ${counts.neverRead} of them found nobody.`,
      nothing: "No message was published while a client was connected.",
    };
    const examined = counts.messages - counts.neverRead;
    const quantiles =
      sorted.length > 0
        ? { deliveryP50Ms: quantileOfSorted(sorted, 0.5), deliveryP99Ms: quantileOfSorted(sorted, 0.99), deliveryMaxMs: largest(sorted) }
        : {};
    return withDoubts(
      conclude("every message to every connected client", examined, inTime(found), text, { ...counts, ...quantiles }),
      inTime(doubtful),
    );
  };
}

type Counts = { messages: number; stable: number; lost: number; neverRead: number; duplicated: number; unexpected: number; misordered: number };

function deliveries(
  evidence: Evidence,
  graceMs: number,
  key: string,
  messages: readonly Operation[],
  subscriptions: readonly Subscription[],
  counts: Counts,
  found: Counterexample[],
  doubtful: Counterexample[],
  delaysMs: number[],
): void {
  const { deltaMs } = evidence;
  // Whoever is starved of a processor sends late.
  const withinMs = graceMs + toleranceMs(evidence);
  const sent = Map.groupBy(messages, messageOf);
  for (const subscription of subscriptions) {
    const seen = new Map<string, number>();
    for (const { message, at: time } of subscription.received) {
      const before = seen.get(message) ?? 0;
      const times = sent.get(message)?.length ?? 0;
      if (times === 0) {
        counts.unexpected++;
        found.push({ time, text: `message ${message} of ${key} reached ${whom(subscription)} at ${at(time)}, and nobody had published it.` });
      } else if (before >= times) {
        counts.duplicated++;
        const published = times === 1 ? "once" : `${times} times`;
        found.push({
          time,
          text: `message ${message} of ${key} reached ${whom(subscription)} again, at ${at(time)}, and was published ${published}.`,
        });
      }
      seen.set(message, before + 1);
    }
  }
  for (const operation of messages) {
    const message = messageOf(operation);
    counts.messages++;
    const reached = subscriptions.flatMap(({ firstAt }) => firstAt.get(message) ?? []);
    delaysMs.push(...reached.map((time) => Math.max(0, time - operation.invokedAt)));
    const owed = subscriptions.filter(
      ({ connectedAt, closedAt }) =>
        operation.outcome === "ok" && connectedAt + deltaMs < operation.invokedAt && operation.completedAt + withinMs + deltaMs < closedAt,
    );
    const without = owed.find(({ firstAt }) => !firstAt.has(message));
    if (without) {
      const time = operation.completedAt;
      const late = busyFor(evidence.samples, time, time + withinMs) !== undefined;
      if (!late) counts.lost++;
      const others = reached.length > 0 ? `${reached.length} other clients got it` : "nobody got it";
      (late ? doubtful : found).push({
        time,
        text: `message ${message} of ${key}, acknowledged at ${at(time)} (operation ${operation.index}), never reached ${whom(without)}, connected from ${at(without.connectedAt)} to ${at(without.closedAt)}; ${others}.`,
      });
    } else if (reached.length > 0) counts.stable++;
    else counts.neverRead++;
  }
}

/** What was acknowledged before another message was published comes before it; concurrent messages come in any order. */
function order(
  { deltaMs }: Evidence,
  key: string,
  messages: readonly Operation[],
  subscriptions: readonly Subscription[],
  counts: Counts,
  found: Counterexample[],
): void {
  // Of a message that was published again, as a client does that got no answer, nobody can say which time it came from.
  const named = Map.groupBy(messages, messageOf);
  const byMessage = new Map(
    messages.filter((operation) => named.get(messageOf(operation))?.length === 1).map((operation) => [messageOf(operation), operation]),
  );
  for (const subscription of subscriptions) {
    let latest: Operation | undefined;
    for (const { message, at: time } of subscription.received) {
      const operation = byMessage.get(message);
      if (operation && latest && operation.completedAt + deltaMs < latest.invokedAt) {
        counts.misordered++;
        found.push({
          time,
          text: `message ${message} of ${key} reached ${whom(subscription)} after message ${messageOf(latest)}, which was published when ${message} had been acknowledged (operations ${operation.index}, ${latest.index}).`,
        });
      }
      if (operation && (latest === undefined || operation.invokedAt > latest.invokedAt)) latest = operation;
    }
  }
}

const messageOf = (operation: Operation): string => textOf(field(operation.input, "message"));
const textOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
const whom = ({ operation }: Subscription): string => `${operation.process} (operation ${operation.index})`;

function subscriptionOf(operation: Operation): Subscription {
  const { output } = operation;
  const messages = field(output, "messages");
  const list = Array.isArray(messages) ? (messages as readonly Json[]) : [];
  const received = list.map((one) => ({ message: textOf(field(one, "message")), at: timeOr(field(one, "at"), Number.NaN) }));
  return {
    operation,
    // Whoever was not let in is owed nothing.
    connectedAt: timeOr(field(output, "connectedAt"), operation.by === "" ? Number.POSITIVE_INFINITY : operation.invokedAt + toldWithinMs),
    closedAt: timeOr(field(output, "closedAt"), Number.NEGATIVE_INFINITY),
    received,
    firstAt: new Map(received.toReversed().map((one) => [one.message, one.at])),
  };
}

const timeOr = (value: Json, otherwise: number): number => (typeof value === "number" ? value : otherwise);

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

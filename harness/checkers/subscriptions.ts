/**
 * HS-8: a client's WebSocket seen as a stream of its agent's messages, so that what is asked of streams of events (order, no gap, nothing twice, resuming) is
 * asked of it, too. Operations: `subscribe` as in `broadcast.ts`, with the numbers of messages: input `{after}`, null: from now on; output `{ready, messages:
 * [{id, message, at}]}`, `ready`: the number after which the server said it would begin. What the store holds is in `events` operations.
 */
import type { Json, Operation } from "../core/history.ts";
import type { Checker } from "../core/verdict.ts";
import { assume } from "./judge.ts";
import { listOf } from "./linearizability/values.ts";
import { field } from "./trail.ts";

const known = new WeakMap<readonly Operation[], readonly Operation[]>();

/** The checker of streams, of connections. */
export function ofSubscriptions(checker: Checker): Checker {
  return (evidence) => {
    const operations = known.get(evidence.operations) ?? evidence.operations.flatMap(asStream);
    known.set(evidence.operations, operations);
    return checker({ ...evidence, operations });
  };
}

/** Messages are of one kind to a client, whatever they are in the store. */
function asStream(operation: Operation): readonly Operation[] {
  const { f, input, output } = operation;
  const messages = f === "events" ? (listOf(field(output, "events")) ?? []) : messagesOf(output);
  const events = messages.map((message) => ({ id: field(message, "id"), kind: "message", attempt: 0, at: field(message, "at") }));
  if (f === "events") return [{ ...operation, output: { events, complete: field(output, "complete") } }];
  if (f !== "subscribe") return [];
  return [{ ...operation, f: "stream", input: { lastEventId: field(input, "after") ?? field(output, "ready") ?? 0 }, output: { events } }];
}

const messagesOf = (output: Json): readonly Json[] => listOf(field(output, "messages")) ?? [];

/** Messages of one agent came to clients of several instances; else nobody had to tell another instance anything, and the experiment is inconclusive. Never accuses. */
export const spreadOverInstances: Checker = ({ operations }) => {
  const instances = new Map<string, Set<string>>();
  for (const { f, key, by, output } of operations) {
    if (f !== "subscribe" || by === "" || messagesOf(output).length === 0) continue;
    instances.set(key, (instances.get(key) ?? new Set()).add(by));
  }
  const spread = [...instances.values()].filter(({ size }) => size > 1).length;
  const holds = `Of ${instances.size} agents, ${spread} had clients on several instances.`;
  const found = spread === 0 ? [{ time: 0, text: "No agent had clients on more than one instance." }] : [];
  return assume(
    "clients on several instances",
    instances.size,
    found,
    { holds, nothing: "No client got a message." },
    { agents: instances.size, spread },
  );
};

/** What contradicts a log, by the names of Jepsen's Kafka analysis. `int-` is within one operation. */
import type { Operation } from "../../core/history.ts";
import type { Findings } from "../findings.ts";
import type { Name } from "../linearizability/values.ts";
import { keysLeft, type Log, type Records, type Step, type Values } from "./records.ts";

export function findLogAnomalies({ steps, logs, certain }: Records, found: Findings): void {
  for (const step of steps) ofStep(step, logs, found);
  for (const log of logs.values()) {
    ofPlaces(log, found);
    lostWrites(log, certain, found);
    unseen(log, found);
  }
}

const lastOf = (values: readonly Name[] | undefined): Name | undefined => values?.[values.length - 1];

function ofStep({ operation, sent, polled }: Step, logs: ReadonlyMap<string, Log>, found: Findings): void {
  const { index, outcome } = operation;
  for (const [key, values] of polled) {
    const own = sent.get(key)?.find((value) => values.includes(value));
    if (own !== undefined) found.add("precommitted-read", [index], () => `operation ${index} polled ${own} from ${key}, which it sends itself.`);
    for (const value of outcome === "ok" ? values : []) {
      const writer = logs.get(key)?.writers.get(value)?.operation;
      if (writer?.outcome === "fail")
        found.add(
          "G1a",
          [index, writer.index],
          () => `operation ${index} polled ${value} from ${key}, which operation ${writer.index} sent and then failed.`,
        );
    }
    for (const [i, value] of values.entries())
      if (i > 0) step("int-poll-skip", "int-nonmonotonic-poll", logs.get(key), values[i - 1], value, [index], "polled", found);
  }
  for (const [key, values] of sent)
    for (const [i, value] of values.entries())
      if (i > 0) step("int-send-skip", "int-nonmonotonic-send", logs.get(key), values[i - 1], value, [index], "sent", found);
}

/** From one value to the next: neither over others nor back. Values whose place nobody knows say nothing. */
function step(
  skip: string,
  nonmonotonic: string,
  log: Log | undefined,
  from: Name | undefined,
  to: Name | undefined,
  operations: readonly number[],
  did: string,
  found: Findings,
): void {
  if (!log || from === undefined || to === undefined) return;
  const [before, after] = [log.placeOf.get(from), log.placeOf.get(to)];
  if (before === undefined || after === undefined) return;
  const who = `operation ${operations.join(" and then operation ")} ${did} ${from} and next ${to} of ${log.key}`;
  if (after <= before) found.add(nonmonotonic, operations, () => `${who}, which is ${after === before ? "the same" : "before it"} in the log.`);
  else if (after > before + 1) {
    const between = log.places.slice(before + 1, after).map(({ values }) => values[0]);
    found.add(skip, operations, () => `${who}; between them the log holds ${between.slice(0, 8).join(", ")}${between.length > 8 ? ", ..." : ""}.`);
  }
}

/** From one operation of a process to its next: it goes on where it was, unless the key was taken from it meanwhile. */
export function findProcessAnomalies(operations: readonly Operation[], { steps, logs }: Records, found: Findings): void {
  // The steps are the operations that send or poll, in their order.
  let next = 0;
  const last = new Map<string, { polled: Map<string, Step>; sent: Map<string, Step> }>();
  for (const operation of operations) {
    const state = last.get(operation.process) ?? { polled: new Map<string, Step>(), sent: new Map<string, Step>() };
    last.set(operation.process, state);
    const left = keysLeft(operation);
    if (left) for (const known of [state.polled, state.sent]) for (const key of [...known.keys()]) if (!left.has(key)) known.delete(key);
    const current = steps[next];
    if (current?.operation !== operation) continue;
    next++;
    goesOn(current, current.polled, state.polled, (one) => one.polled, ["poll-skip", "nonmonotonic-poll", "polled"], logs, found);
    if (operation.outcome === "ok") for (const key of current.polled.keys()) state.polled.set(key, current);
    if (operation.outcome === "fail") continue;
    goesOn(current, current.sent, state.sent, (one) => one.sent, ["", "nonmonotonic-send", "sent"], logs, found);
    for (const key of current.sent.keys()) state.sent.set(key, current);
  }
}

function goesOn(
  current: Step,
  values: Values,
  last: ReadonlyMap<string, Step>,
  valuesOf: (step: Step) => Values,
  [skip, nonmonotonic, did]: readonly [string, string, string],
  logs: ReadonlyMap<string, Log>,
  found: Findings,
): void {
  for (const [key, all] of values) {
    const before = last.get(key);
    const log = logs.get(key);
    const [from, to] = [before && lastOf(valuesOf(before).get(key)), all[0]];
    if (!before || !log || from === undefined || to === undefined) continue;
    // What others sent in between is skipped by every sender.
    if (skip === "" && (log.placeOf.get(to) ?? 0) > (log.placeOf.get(from) ?? 0)) continue;
    step(skip, nonmonotonic, log, from, to, [before.operation.index, current.operation.index], did, found);
  }
}

function ofPlaces({ key, places }: Log, found: Findings): void {
  const offsets = new Map<Name, number[]>();
  for (const { offset, values } of places) {
    if (values.length > 1) found.add("inconsistent-offsets", [], () => `offset ${offset} of ${key} holds ${values.join(" and ")}.`);
    for (const value of values) {
      const known = offsets.get(value);
      if (known) known.push(offset);
      else offsets.set(value, [offset]);
    }
  }
  for (const [value, at] of offsets)
    if (at.length > 1) found.add("duplicate", [], () => `${value} of ${key} is in the log at the offsets ${at.join(", ")}.`);
}

/** Below the furthest value that anybody read, every value that is certainly in the log was read by somebody. */
function lostWrites({ key, places, writers, read }: Log, certain: (step: Step) => boolean, found: Findings): void {
  const first = new Map<Name, number>();
  const last = new Map<Name, number>();
  for (const [place, { values }] of places.entries()) {
    for (const value of values) {
      if (!first.has(value)) first.set(value, place);
      last.set(value, place);
    }
  }
  let furthest: Name | undefined;
  for (const value of read) if ((first.get(value) ?? -1) > (furthest === undefined ? -1 : (first.get(furthest) as number))) furthest = value;
  if (furthest === undefined) return;
  const bound = first.get(furthest) as number;
  for (const [value, place] of last) {
    const writer = writers.get(value);
    if (place > bound || read.has(value) || !writer || !certain(writer)) continue;
    const { index } = writer.operation;
    found.add(
      "lost-write",
      [index],
      () => `operation ${index} sent ${value} to ${key}, and nobody polled it, although ${furthest}, which comes later, was polled.`,
    );
  }
}

function unseen({ key, writers, read }: Log, found: Findings): void {
  for (const [value, { operation }] of writers) {
    if (operation.outcome !== "ok" || read.has(value)) continue;
    found.add("unseen", [operation.index], () => `operation ${operation.index} sent ${value} to ${key}, and nobody polled it by the end.`);
  }
}

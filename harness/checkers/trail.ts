/** The audit trail by run, and what clients were told about runs. */
import type { Json, Operation } from "../core/history.ts";
import type { Transition } from "../core/records.ts";
import { inOrder } from "./sections.ts";

const known = new WeakMap<readonly Transition[], ReadonlyMap<string, readonly Transition[]>>();

/** Transitions of each run in the order in which they were committed. The answer is kept for as long as the trail is. */
export function trailOf(transitions: readonly Transition[]): ReadonlyMap<string, readonly Transition[]> {
  const kept = known.get(transitions);
  if (kept) return kept;
  const runs = new Map<string, Transition[]>();
  for (const transition of inOrder(transitions)) {
    const run = runs.get(transition.subject);
    if (run) run.push(transition);
    else runs.set(transition.subject, [transition]);
  }
  known.set(transitions, runs);
  return runs;
}

export function isTerminal(status: string | null): boolean {
  return status === "success" || status === "error" || status === "cancelled";
}

/** How a run ended; undefined: it has not, or nobody saw it. */
export function endOf(transitions: readonly Transition[] | undefined): Transition | undefined {
  return transitions?.find(({ to }) => isTerminal(to));
}

/** A claim: the attempt begins. */
export function isClaim(transition: Transition): boolean {
  return transition.from === "pending" && transition.to === "running";
}

/** A give-back: the attempt ends without a result and another may begin. */
export function isRequeue(transition: Transition): boolean {
  return transition.from === "running" && transition.to === "pending";
}

/** Who claimed: the handler that the row names, else the session's owner; "" if unknown. */
export function claimant(claim: Transition): string {
  return claim.handler || claim.by;
}

/** A field of an operation's input or output. */
export function field(value: Json, name: string): Json {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? ((value as { readonly [key: string]: Json })[name] ?? null) : null;
}

/** The text in a field, "" if there is none. */
export function textField(value: Json, name: string): string {
  const found = field(value, name);
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : "";
}

/** The number in a field, NaN if there is none. */
export function numberField(value: Json, name: string): number {
  const found = field(value, name);
  return typeof found === "number" ? found : typeof found === "string" && found.trim() !== "" ? Number(found) : Number.NaN;
}

/** The creates that were acknowledged, by run: the first acknowledgement of each. */
export function acknowledgedRuns(operations: readonly Operation[]): ReadonlyMap<string, Operation> {
  const runs = new Map<string, Operation>();
  for (const operation of operations) {
    if (operation.f !== "create" || operation.outcome !== "ok") continue;
    const run = textField(operation.output, "run");
    const first = runs.get(run);
    if (run !== "" && (first === undefined || operation.completedAt < first.completedAt)) runs.set(run, operation);
  }
  return runs;
}

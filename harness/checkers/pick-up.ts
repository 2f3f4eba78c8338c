/** FR-2: a run that waits is picked up while somebody has a free slot. */
import { quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { inOrder } from "./sections.ts";
import { claimant, isClaim, trailOf } from "./trail.ts";

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * No new run waits on while an instance has had a free slot for the declared `pickUpMs`. What an instance holds is what the audit trail says; one that a fault took itself, or from Postgres, is
 * not counted as free, nor one before its first claim.
 */
export const pickedUpInTime: Checker = (evidence) => {
  const { pickUpMs } = evidence.constants;
  const property = "picked up while a slot is free";
  if (pickUpMs === undefined) return outOfReach(property, "pickUpMs");
  const boundMs = pickUpMs + toleranceMs(evidence, pickUpMs);
  const free = freeSpans(evidence, boundMs);
  const waits: number[] = [];
  const found: Counterexample[] = [];
  for (const [run, transitions] of trailOf(evidence.transitions)) {
    const [made] = transitions;
    if (made === undefined || made.from !== null || made.to !== "pending") continue;
    const next = transitions[1];
    const until = next?.time ?? evidence.endsAt;
    if (next && isClaim(next)) waits.push(until - made.time);
    for (const [instance, spans] of until - made.time > boundMs ? free : []) {
      const idle = spans
        .map((span) => ({ from: Math.max(span.from, made.time), to: Math.min(span.to, until) }))
        .find(({ from, to }) => to - from > boundMs);
      if (!idle) continue;
      const then = next ? `it was ${isClaim(next) ? `claimed by ${claimant(next)}` : next.to} (transition ${next.seq})` : "recording ended";
      const text = `run ${run} was there at ${at(made.time)} (transition ${made.seq}) and waited for ${ms(until - made.time)} until ${then}, although ${instance} had a free slot from ${at(idle.from)} to ${at(idle.to)}; ${ms(pickUpMs)} are allowed.`;
      // A run may have waited for a slot long before: who lags once there is one is late.
      found.push({ time: idle.from, text });
      break;
    }
  }
  const numbers = waits.length > 0 ? { pickUpP50Ms: quantile(waits, 0.5), pickUpP99Ms: quantile(waits, 0.99), pickUpMaxMs: quantile(waits, 1) } : {};
  const text = {
    holds: `${waits.length} runs were picked up, half of them within ${ms(quantile(waits, 0.5))} and the last after ${ms(quantile(waits, 1))}; none waited for ${ms(pickUpMs)} beside a free slot.`,
    nothing: "The audit trail saw no run picked up.",
  };
  return concludeBound(evidence, pickUpMs, conclude(property, waits.length + found.length, inTime(found), text, numbers));
};

/** For each instance the spans longer than `leastMs` in which it had a free slot and nothing kept it from taking work. */
function freeSpans(evidence: Evidence, leastMs: number): ReadonlyMap<string, readonly Span[]> {
  const slots = evidence.constants.runsPerInstance ?? 1;
  const holders = new Map<string, string>();
  const held = new Map<string, number>();
  const since = new Map<string, number | undefined>();
  const spans = new Map<string, Span[]>();
  const end = (instance: string, to: number): void => {
    const from = since.get(instance);
    if (from !== undefined && to - from > leastMs) spans.set(instance, [...(spans.get(instance) ?? []), { from, to }]);
    since.set(instance, undefined);
  };
  const change = (instance: string, by: number, time: number): void => {
    const now = (held.get(instance) ?? 0) + by;
    held.set(instance, now);
    if (now >= slots) end(instance, time);
    else if (since.get(instance) === undefined) since.set(instance, time);
  };
  for (const transition of inOrder(evidence.transitions)) {
    const holder = holders.get(transition.subject);
    const next = transition.to === "running" ? claimant(transition) : undefined;
    if (holder === next) continue;
    if (holder !== undefined) change(holder, -1, transition.time);
    if (next !== undefined) {
      change(next, 1, transition.time);
      holders.set(transition.subject, next);
    } else holders.delete(transition.subject);
  }
  for (const instance of since.keys()) end(instance, evidence.endsAt);
  const taken = injectionsOf(evidence.faults);
  return new Map(
    [...spans].map(([instance, all]) => {
      const own = taken.filter(({ on }) => keepsFromWork(on, instance));
      return [
        instance,
        own.reduce<readonly Span[]>((left, { requestedAt, healedAt }) => left.flatMap((span) => without(span, requestedAt, healedAt)), all),
      ];
    }),
  );
}

/** A fault of the instance itself, of its role, or of its way to Postgres. */
function keepsFromWork(on: string, instance: string): boolean {
  return on === instance || instance.startsWith(`${on}-`) || ["postgres", "*->postgres", `${instance}->postgres`].includes(on);
}

function without({ from, to }: Span, cutFrom: number, cutTo: number): readonly Span[] {
  if (cutTo <= from || cutFrom >= to) return [{ from, to }];
  return [
    { from, to: cutFrom },
    { from: cutTo, to },
  ].filter((span) => span.to > span.from);
}

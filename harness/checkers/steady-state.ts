/** Steady state: what an experiment must show before its first fault and after its last (SEMANTICS, "Faults and load"). */
import type { Operation } from "../core/history.ts";
import type { LedgerEntry, Sample } from "../core/records.ts";
import { type Checker, conclude, type Evidence } from "../core/verdict.ts";
import { injectionsOf, lastHealedAt } from "./injections.ts";
import { assume, at } from "./judge.ts";
import { keepsRate, loadEndsAt, scheduledOnly } from "./load-rate.ts";

const windowMs = 10_000;

/**
 * Why the time from `from` to `to` (ms) is no steady state; empty when it is one: the rate within 10 % of the schedule, no errors, the oldest waiting
 * run younger than a second, every sampled instance ready and seen serving (it answered an operation, or worked at the ledger).
 */
export function unsteady(
  operations: readonly Operation[],
  ledger: readonly LedgerEntry[],
  samples: readonly Sample[],
  from: number,
  to: number,
  scheduledPerSecond: number,
): readonly string[] {
  const why: string[] = [];
  const inside = (time: number): boolean => time >= from && time < to;
  const answered = scheduledOnly(operations).filter((operation) => inside(operation.answeredAt) && operation.served === "yes").length;
  const perSecond = (answered * 1000) / (to - from);
  if (answered === 0) why.push("no operation was served");
  else if (!keepsRate(perSecond, scheduledPerSecond))
    why.push(`${perSecond.toFixed(1)} operations/s were served, ${scheduledPerSecond} are scheduled`);
  const errors = operations.filter((operation) => operation.served === "error" && inside(operation.answeredAt)).length;
  if (errors > 0) why.push(`${errors} operations failed`);
  const now = samples.filter((sample) => inside(sample.time));
  const ages = now.flatMap((sample) => (sample.source === "backlog" ? [sample.values.oldestMs ?? 0] : []));
  if (ages.length === 0) why.push("nobody looked at the age of the queue");
  const oldest = ages.reduce((most, age) => Math.max(most, age), 0);
  if (oldest >= 1000) why.push(`the oldest waiting run was ${Math.round(oldest)} ms old`);
  const serving = new Set<string>();
  for (const operation of operations) if (inside(operation.answeredAt)) serving.add(operation.by);
  for (const entry of ledger) if (inside(entry.time)) serving.add(entry.instance);
  const ready = new Map<string, boolean>();
  for (const { source, values } of now) {
    if (values.ready !== undefined) ready.set(source, (ready.get(source) ?? true) && values.ready === 1);
  }
  for (const [instance, always] of ready) {
    if (!always) why.push(`${instance} was not ready`);
    else if (!serving.has(instance)) why.push(`${instance} was not seen serving`);
  }
  return why;
}

/** Whether it was steady; `unsteady` says why not. */
export function steady(...of: Parameters<typeof unsteady>): boolean {
  return unsteady(...of).length === 0;
}

/** The 10 s before the first fault were steady. */
export const steadyBefore: Checker = (evidence) => {
  const first = injectionsOf(evidence.faults)[0];
  const to = first?.requestedAt ?? Number.NaN;
  const why = first ? within(evidence, to - windowMs, to) : [];
  const found = why.map((text) => ({ time: to - windowMs, text: `from ${at(to - windowMs)} to ${at(to)} ${text}.` }));
  const text = {
    holds: `The ${windowMs / 1000} s before the first fault were steady.`,
    nothing: "There was no fault, so there is no time before it.",
  };
  return assume("steady before the first fault", first ? 1 : 0, found, text);
};

/** Some 10 s between the last heal and the end of the load were steady. */
export const steadyAfter: Checker = (evidence) => {
  const property = "steady after the last fault";
  const healed = lastHealedAt(evidence.faults);
  const end = loadEndsAt(evidence.operations);
  const text = { holds: "", nothing: "" };
  if (!Number.isFinite(healed)) {
    const nothing = healed > 0 ? "A fault never healed, so there is no time after it." : "There was no fault, so there is no time after it.";
    return conclude(property, 0, [], { ...text, nothing });
  }
  const later: Evidence = {
    ...evidence,
    operations: evidence.operations.filter((operation) => operation.answeredAt >= healed),
    ledger: evidence.ledger.filter((entry) => entry.time >= healed),
    samples: evidence.samples.filter((sample) => sample.time >= healed),
  };
  let windows = 0;
  let why: readonly string[] = [];
  for (let from = healed; from + windowMs <= end; from += 1000) {
    windows++;
    why = within(later, from, from + windowMs);
    if (why.length > 0) continue;
    const holds = `It was steady from ${at(from)} on, ${((from - healed) / 1000).toFixed(1)} s after the last heal.`;
    return conclude(property, windows, [], { ...text, holds }, { steadyAfterMs: from - healed });
  }
  const nothing = `The load went on for ${((end - healed) / 1000).toFixed(1)} s after the last heal; ${windowMs / 1000} s are needed.`;
  const found =
    windows === 0
      ? []
      : [
          {
            time: healed,
            text: `none of ${windows} windows of ${windowMs / 1000} s after ${at(healed)} was steady; in the last one ${why.join(", ")}.`,
          },
        ];
  return assume(property, windows, found, { ...text, nothing });
};

function within(evidence: Evidence, from: number, to: number): readonly string[] {
  return unsteady(evidence.operations, evidence.ledger, evidence.samples, from, to, evidence.scheduledPerSecond);
}

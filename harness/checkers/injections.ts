/** The faults seen as injections, and what they excuse. Only a process that was stopped (SIGSTOP) is excused anything: SEMANTICS, "Exactly-once" 4. */
import type { FaultEvent } from "../core/records.ts";

/** Times are ms; Infinity: that phase was never recorded. */
export interface Injection {
  readonly id: string;
  readonly fault: string;
  readonly on: string;
  /** The earliest moment the fault may have taken effect. */
  readonly requestedAt: number;
  /** From here on it certainly was in effect. */
  readonly bitingAt: number;
  /** The earliest moment its effect may have ended. */
  readonly healingAt: number;
  /** From here on it certainly had ended. */
  readonly healedAt: number;
  readonly working: readonly string[];
  /** What injecting it measured, and what was looked at while it lasted. */
  readonly numbers: Readonly<Record<string, number>>;
}

const phases = { requested: "requestedAt", biting: "bitingAt", healing: "healingAt", healed: "healedAt" } as const;

/** One entry for each injection, in the order in which they were requested. */
export function injectionsOf(faults: readonly FaultEvent[]): readonly Injection[] {
  const all = new Map<string, { -readonly [K in keyof Injection]: Injection[K] }>();
  for (const event of faults) {
    let injection = all.get(event.id);
    if (injection === undefined) {
      const never = Number.POSITIVE_INFINITY;
      injection = {
        id: event.id,
        fault: event.fault,
        on: event.on,
        requestedAt: event.time,
        bitingAt: never,
        healingAt: never,
        healedAt: never,
        working: event.working,
        numbers: {},
      };
      all.set(event.id, injection);
    }
    if (event.phase === "requested") injection.working = event.working;
    if (event.numbers) injection.numbers = { ...injection.numbers, ...event.numbers };
    if (event.phase !== "did not bite" && event.phase !== "did not heal") injection[phases[event.phase]] = event.time;
  }
  return [...all.values()].sort((a, b) => a.requestedAt - b.requestedAt);
}

/** Injections of one fault that certainly took effect, in the order in which they were requested. */
export function seenBiting(faults: readonly FaultEvent[], fault: string): readonly Injection[] {
  return injectionsOf(faults).filter((one) => one.fault === fault && Number.isFinite(one.bitingAt));
}

/** Injections of one fault by the instance they hit. */
export function byVictim(faults: readonly FaultEvent[], fault: string): ReadonlyMap<string, readonly Injection[]> {
  const victims = new Map<string, Injection[]>();
  for (const injection of injectionsOf(faults)) {
    if (injection.fault === fault) victims.set(injection.on, [...(victims.get(injection.on) ?? []), injection]);
  }
  return victims;
}

/** The longest the process can have been stopped by this pause up to `time` (ms); never positive before the pause. */
function longestStopMs(pause: Injection, time: number): number {
  return Math.min(time, pause.healedAt) - pause.requestedAt;
}

/**
 * When the last fault had certainly ended (ms): Infinity while one never healed, -Infinity when there was none. Instances that were added
 * (`scale`) stay, so their last phase counts.
 */
export function lastHealedAt(faults: readonly FaultEvent[]): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { fault, bitingAt, healedAt, requestedAt } of injectionsOf(faults)) {
    const added = fault === "scale" && healedAt === Number.POSITIVE_INFINITY && bitingAt !== Number.POSITIVE_INFINITY;
    last = Math.max(last, added ? Math.max(bitingAt, requestedAt) : healedAt);
  }
  return last;
}

/** Where a time lies among the faults, to follow a verb: `during kill#1 on queue-2`, `1200 ms after kill#1 on queue-2 was healed`; "" without faults. */
export function amongFaults(faults: readonly FaultEvent[], time: number): string {
  const injections = injectionsOf(faults);
  const during = injections.filter(({ requestedAt, healedAt }) => requestedAt <= time && time <= healedAt);
  if (during.length > 0) return `during ${during.map(({ id, on }) => `${id} on ${on}`).join(" and ")}`;
  const before = injections.filter(({ healedAt }) => healedAt < time).sort((a, b) => b.healedAt - a.healedAt)[0];
  if (before) return `${Math.round(time - before.healedAt)} ms after ${before.id} on ${before.on} was healed`;
  return injections.length > 0 ? "before the first fault" : "";
}

/** Handlers beat each second, and stop themselves a second before others may take their runs (SEMANTICS, LG-8). */
export const beatMs = 1000;

/**
 * Whether a pause can have cost the handler its runs by `time`: it was silent for the time-out, but for the beat it may have sent up to a second
 * before it was stopped; and it was stopped for so long that it woke up with its own lease, a second shorter than the time-out, already over.
 */
export function losesRuns(pause: Injection, time: number, timeoutMs: number, toleranceMs: number): boolean {
  const silentMs = time - pause.requestedAt + beatMs + toleranceMs;
  return silentMs >= timeoutMs && longestStopMs(pause, time) + 2 * beatMs + toleranceMs >= timeoutMs;
}

/** HA-7, AB-2, AB-9: an instance that fails leaves the balancer's pool, and returns when it is well (SEMANTICS, "Balancing": passive checks only). */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";

/** Fewer operations in a window decide nothing (SEMANTICS, "Faults and load": 20 in the window). */
const least = 20;

/** Who is sent to an instance that is down is refused at once; what fails later than this has failed of something else (ms). */
const atOnceMs = 1000;

const failed = ({ served, invokedAt, answeredAt }: Operation): boolean => served === "error" && answeredAt - invokedAt <= atOnceMs;

export interface LeavesOptions {
  /** Operations that the balancer sends to one instance only, so that their clients see it when that one is down. */
  readonly f: readonly string[];
  /** The fault's name: its file in `harness/faults/`. */
  readonly fault: string;
  /** From when the instance certainly fails until it must have been left alone (ms). Long enough for the failures that it takes, whoever is picked. */
  readonly withinMs: number;
  /** For how long it is left alone, as the balancer is configured (ms): then it is tried again, and may fail once more. */
  readonly retryMs: number;
}

/** Within `withinMs` of an instance's failing, clients see no more of it: until it is healed or tried again no operation `f` fails. */
export function leavesThePool({ f, fault, withinMs, retryMs }: LeavesOptions): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    const numbers: Record<string, number> = {};
    let examined = 0;
    for (const injection of seenBiting(evidence.faults, fault)) {
      const { id, on, requestedAt, bitingAt, healingAt } = injection;
      const own = evidence.operations.filter(({ f: name, invokedAt }) => f.includes(name) && invokedAt >= requestedAt && invokedAt <= healingAt);
      const from = bitingAt + withinMs + toleranceMs(evidence, withinMs);
      const to = Math.min(healingAt, requestedAt + retryMs);
      const early = own.filter(({ invokedAt }) => invokedAt < from);
      const later = own.filter(({ invokedAt, answeredAt }) => invokedAt >= from && answeredAt <= to);
      if (early.length < least || later.length < least) continue;
      examined += later.length;
      const first = own.filter(failed).map(({ invokedAt }) => invokedAt - requestedAt);
      numbers[`${id} failedOperations`] = first.length;
      numbers[`${id} errorWindowMs`] = Math.max(0, ...first);
      for (const operation of later.filter(failed)) {
        const text = `${operation.f} failed at ${at(operation.invokedAt)} (${operation.error}), ${ms(operation.invokedAt - bitingAt)} after ${on} was seen down (${id}); within ${ms(withinMs)} it should have been left alone (operation ${operation.index}).`;
        found.push({ time: operation.invokedAt, text });
      }
    }
    const text = {
      holds: `None of ${examined} operations failed later than ${ms(withinMs)} after an instance was seen down.`,
      nothing: `No instance was down for so long, under ${least} operations before and after ${ms(withinMs)} of it.`,
    };
    return concludeBound(evidence, withinMs, conclude("a failing instance leaves the pool", examined, inTime(found), text, numbers));
  };
}

/** When an instance first answered a request that began after its heal; undefined: never. */
function firstAnswer({ operations }: Evidence, { on, healedAt }: Injection): number | undefined {
  const times = operations.filter(({ by, invokedAt }) => by === on && invokedAt > healedAt).map(({ answeredAt }) => answeredAt);
  return times.length === 0 ? undefined : times.reduce((first, time) => Math.min(first, time));
}

/** An instance that was healed serves again within `withinMs` of the heal, or of the end of its time outside where that is later. */
export function returnsToThePool({ fault, withinMs }: { readonly fault: string; readonly withinMs: number }): Checker {
  return (evidence) => {
    const ends = loadEndsAt(evidence.operations);
    const found: Counterexample[] = [];
    const numbers: Record<string, number> = {};
    let examined = 0;
    for (const injection of seenBiting(evidence.faults, fault)) {
      const { id, on, healedAt } = injection;
      if (!Number.isFinite(healedAt)) continue;
      const answered = firstAnswer(evidence, injection);
      // The load may have ended first: then nobody knows.
      if (answered === undefined && ends < healedAt + withinMs + toleranceMs(evidence, withinMs)) continue;
      examined++;
      const tookMs = (answered ?? Number.POSITIVE_INFINITY) - healedAt;
      if (answered !== undefined) numbers[`${id} returnMs`] = tookMs;
      if (tookMs <= withinMs + toleranceMs(evidence, withinMs)) continue;
      const how = answered === undefined ? `answered nobody until the load ended at ${at(ends)}` : `answered nobody for ${ms(tookMs)}`;
      found.push({ time: healedAt, text: `${on} was well again at ${at(healedAt)} (${id}) and ${how}; ${ms(withinMs)} are allowed.` });
    }
    const text = {
      holds: `All ${examined} instances that were healed served again within ${ms(withinMs)}.`,
      nothing: `No instance was healed and given ${ms(withinMs)} of load.`,
    };
    return concludeBound(evidence, withinMs, conclude("a healed instance returns", examined, inTime(found), text, numbers));
  };
}

export interface RetriedOptions {
  readonly fault: string;
  /** Least and longest time from the failure that ejects an instance until it is tried again (ms). */
  readonly afterMs: readonly [number, number];
  /** As in `LeavesOptions`: the failure that ejects lies between the fault and so long after its bite (ms). */
  readonly ejectedWithinMs: number;
}

/** An instance that was ejected and healed meanwhile is tried again when its time is over: not before, and not much later. */
export function triedAgainAfter({ fault, afterMs: [leastMs, mostMs], ejectedWithinMs }: RetriedOptions): Checker {
  return (evidence) => {
    const boundMs = mostMs - leastMs + ejectedWithinMs;
    const tolerance = toleranceMs(evidence, boundMs);
    const found: Counterexample[] = [];
    const numbers: Record<string, number> = {};
    let examined = 0;
    for (const injection of seenBiting(evidence.faults, fault)) {
      const { id, on, requestedAt, bitingAt, healedAt } = injection;
      const down = evidence.operations.filter(({ invokedAt }) => invokedAt >= bitingAt && invokedAt <= bitingAt + ejectedWithinMs);
      // Healed later than that, it is tried again in vain first.
      if (healedAt > requestedAt + leastMs || down.length < least) continue;
      const [from, to] = [requestedAt + leastMs - tolerance, bitingAt + ejectedWithinMs + mostMs + tolerance];
      const answered = firstAnswer(evidence, injection);
      if (answered === undefined && loadEndsAt(evidence.operations) <= to) continue;
      examined++;
      if (answered !== undefined) numbers[`${id} triedAgainAfterMs`] = answered - requestedAt;
      if (answered !== undefined && answered >= from && answered <= to) continue;
      const when =
        answered === undefined ? "was never tried again" : `answered its first request ${ms(answered - requestedAt)} after it had been struck`;
      const text = `${on} ${when} (${id} at ${at(requestedAt)}); an instance that was ejected is tried again after ${ms(leastMs)} to ${ms(mostMs)}.`;
      // It may have been late when it was to be left alone, or when it was to be tried again.
      found.push({ time: requestedAt, until: Math.min(answered ?? to, to), text });
    }
    const text = {
      holds: `All ${examined} instances that were ejected were tried again after ${ms(leastMs)} to ${ms(mostMs)}.`,
      nothing: "No instance was ejected and healed before its time was over.",
    };
    return concludeBound(evidence, boundMs, conclude("ejected for its time", examined, inTime(found), text, numbers));
  };
}

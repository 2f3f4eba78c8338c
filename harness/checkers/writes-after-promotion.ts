/** HA-3: when a standby has been promoted by hand and the way to Postgres leads to it, every instance writes there, and nobody restarts one for it. */
import type { Transition } from "../core/records.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

/** Who wrote within so long before the fault was at work (ms). */
const atWorkMs = 10_000;
/** So many operations of the load, and each instance that was at work is needed for some. */
const least = 50;

/** When the way in led to the new primary: the fault measured how long before it was seen to bite. */
const ledAt = ({ bitingAt, numbers }: Injection): number => bitingAt - (numbers.sinceLedMs ?? Number.NaN);

/**
 * Each instance that wrote before `fault` writes again within `withinMs` of the moment from which the way in led to the new primary, as its audit trail has it, when at least fifty
 * operations were asked for meanwhile. How long the first and the last of them took is told, and how long the promotion itself.
 */
export function writesAfterPromotion({ fault, withinMs }: { readonly fault: string; readonly withinMs: number }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    const took: number[] = [];
    let promotionMs = 0;
    for (const injection of seenBiting(evidence.faults, fault)) {
      const from = ledAt(injection);
      const until = from + withinMs + toleranceMs(evidence, withinMs);
      if (!Number.isFinite(from) || askedBetween(evidence, from, until) < least) continue;
      promotionMs = Math.max(promotionMs, injection.numbers.promotionMs ?? 0);
      for (const instance of writersBefore(evidence.transitions, injection.requestedAt)) {
        const times = evidence.transitions.flatMap(({ by, time }) => (by === instance && time + evidence.deltaMs >= from ? [time - from] : []));
        const firstMs = Math.max(0, Math.min(...times));
        took.push(firstMs);
        if (from + firstMs <= until) continue;
        const never = Number.isFinite(firstMs) ? `for ${ms(firstMs)}` : "any more";
        const text = `${instance} wrote nothing ${never} from ${at(from)} on, when its way led to the new primary (${injection.id}); ${ms(withinMs)} are allowed.`;
        found.push({ time: from, text });
      }
    }
    const [first, last] = [Math.min(...took), Math.max(...took)];
    const text = {
      holds: `All ${took.length} instances wrote on the new primary once their way led there, the first after ${ms(first)} and the last after ${ms(last)}; it took writes ${ms(promotionMs)} after its promotion was asked for.`,
      nothing: `No instance wrote before a promotion, or fewer than ${least} operations were asked for after it.`,
    };
    const numbers = { instances: took.length, ...(Number.isFinite(last) ? { firstWriteMs: first, lastInstanceMs: last, promotionMs } : {}) };
    return concludeBound(evidence, withinMs, conclude("every instance writes after a promotion", took.length, inTime(found), text, numbers));
  };
}

const askedBetween = ({ operations }: Evidence, from: number, until: number): number =>
  // Where the load had ended by then nobody had to write: one asked for later shows that it had not.
  operations.some(({ invokedAt }) => invokedAt >= until) ? operations.filter(({ invokedAt }) => invokedAt >= from && invokedAt < until).length : 0;

const writersBefore = (transitions: readonly Transition[], time: number): ReadonlySet<string> =>
  new Set(transitions.flatMap((one) => (one.by !== "" && one.time < time && one.time >= time - atWorkMs ? [one.by] : [])));

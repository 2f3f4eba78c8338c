/** HA-14: the alert that the target is deployed with is raised for an instance whose pool is used up, and taken back afterwards, by a real Prometheus (`watch-the-alert`). */
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime, ms, outOfReach } from "./judge.ts";
import { unavailable } from "./pool-alert.ts";
import { leastLookMs, unlessSaturated } from "./saturation.ts";

/** A scrape a second and an evaluation a second, each with as much again for a machine that has other things to do (ms). */
const raisedWithinMs = 4000;
/** By then what was checked out has been given back, scraped and evaluated (ms). */
const overMs = 8000;
const leastLooks = 4;

/**
 * From when on Postgres counted so many of an instance's sessions at work, in all readings of a stretch after which the alert is due, between two times (ms); Infinity: it did
 * not. A pool that is used up in a reading here and there may have been scraped between them.
 */
function usedUpFrom({ samples }: Evidence, name: string, connections: number, from: number, to: number): number {
  let stretch: number[] = [];
  for (const { source, time, values } of samples) {
    if (source !== `postgres ${name}` || time < from || time > to) continue;
    stretch = (values.active ?? 0) + (values.idleInTransaction ?? 0) >= connections ? [...stretch, time] : [];
    const [first = time] = stretch;
    if (stretch.length >= leastLooks && time - first >= raisedWithinMs) return first;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * While `fault` keeps connections from being given back, a `share` of an instance's connections was at work by Postgres's own count for so
 * long that its gauges were scraped and the rules evaluated meanwhile, and callers were refused: then the alert was raised for it, pending
 * or firing. Some seconds after the fault it is raised for nobody. A look at the rules that ends sooner decides nothing.
 */
export function alertRaised({ fault, share }: { readonly fault: string; readonly share: number }): Checker {
  const property = "the alert is raised and taken back";
  return (evidence) => {
    const size = evidence.constants.connectionsPerInstance;
    if (size === undefined) return outOfReach(property, "connectionsPerInstance");
    const found: Counterexample[] = [];
    let raised = 0;
    let over = 0;
    for (const { id, requestedAt, numbers } of seenBiting(evidence.faults, "watch-the-alert")) {
      const names = Object.keys(numbers).flatMap((key) => (key.endsWith(" looks") ? [key.slice(0, -" looks".length)] : []));
      for (const name of names) {
        const of = (what: string): number => numbers[`${name} ${what}`] ?? Number.NaN;
        const lastLook = requestedAt + of("lastLookMs");
        const [first, last, clear] = [requestedAt + of("raisedMs"), requestedAt + of("lastRaisedMs"), requestedAt + of("clearBeforeMs")];
        for (const { id: during, bitingAt, healingAt, healedAt } of seenBiting(evidence.faults, fault)) {
          const refused = evidence.operations.filter(
            (one) => one.by === name && unavailable.test(one.error) && one.invokedAt >= bitingAt && one.answeredAt <= healingAt,
          );
          const since = Math.max(bitingAt, requestedAt + (numbers.fromMs ?? Number.NaN));
          const from = usedUpFrom(evidence, name, Math.ceil(size * share), since, healingAt);
          if (refused.length === 0 || !(of("looks") >= leastLooks) || !Number.isFinite(from)) continue;
          // Nobody looked any more when it was due.
          if (!(lastLook >= from + raisedWithinMs)) continue;
          raised++;
          if (!(first <= healingAt && last >= bitingAt)) {
            const text = `${name} had its connections used up for ${ms(raisedWithinMs)} and more from ${at(from)} on and refused ${refused.length} callers (${during}), and the alert was raised for it at none of ${of("looks")} looks (${id}).`;
            found.push({ time: from, until: healingAt, text });
            continue;
          }
          if (!(lastLook >= healedAt + overMs)) continue;
          over++;
          // Raised again after it was over, it is another alert, and perhaps with reason.
          if (last >= healedAt + overMs && !(clear >= healedAt))
            found.push({
              time: healedAt,
              until: last,
              text: `the alert was still raised for ${name} at ${at(last)}, ${ms(last - healedAt)} after ${during} was over (${id}).`,
            });
        }
      }
    }
    const text = {
      holds: `For each of ${raised} instances whose callers were refused the alert was raised meanwhile, and for ${over} of them it was seen to be over.`,
      nothing: "No instance refused callers for long enough while the alert's rule was evaluated.",
    };
    const check = conclude(property, found.length > 0 ? raised : over, inTime(found), text, {
      raised,
      over,
    });
    return unlessSaturated(evidence, leastLookMs, check);
  };
}

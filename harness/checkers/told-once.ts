/** HA-18: administrators are told of each failover, and once. */
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { actsOf, roleOf } from "./acts.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms } from "./judge.ts";

/** A look each second, a receiver that refuses the first time, and an answer that is waited for (ms). */
const toldWithinMs = 10_000;
/** What was sent before its sender was struck may arrive so long after (ms). */
const onItsWayMs = 1000;

/**
 * `faults` strike the active instance of a role. Who was told of a failover has answered 2xx; what was refused may be told again. What was taken may be told again only by one
 * that was struck before it could note the answer, or took its place since.
 */
export function toldOnce({ faults }: { readonly faults: readonly string[] }): Checker {
  return (evidence) => {
    const strikes = injectionsOf(evidence.faults).filter(({ fault, bitingAt }) => faults.includes(fault) && Number.isFinite(bitingAt));
    const taken = evidence.notices.filter(({ answered, time }) => answered >= 200 && answered < 300 && time <= evidence.endsAt);
    const acts = actsOf(evidence).flat();
    const found: Counterexample[] = [];
    const took: number[] = [];
    let examined = 0;
    for (const { id, on, requestedAt } of strikes) {
      const until = strikes.find((later) => later.requestedAt > requestedAt && roleOf(later.on) === roleOf(on))?.requestedAt ?? evidence.endsAt;
      const since = acts.find(({ by, time }) => by !== on && roleOf(by) === roleOf(on) && time >= requestedAt && time < until);
      // Nobody took its place, or only a moment ago.
      if (!since || since.time + toldWithinMs > until) continue;
      examined++;
      const within = taken.filter(({ time }) => time >= requestedAt && time < until);
      const told = firstOfEach(within.filter(({ from }) => from === on));
      const backAgain = firstOfEach(within.filter(({ to }) => to === on)).length;
      const [first] = told;
      if (first) took.push(first.time - since.time);
      else
        found.push({
          time: since.time,
          text: `${since.by} took the place of ${on} by ${at(since.time)} (${id}), and nobody was told of it by ${at(until)}.`,
        });
      const second = told[1 + backAgain];
      if (second) {
        const text = `${on} was replaced at ${at(requestedAt)} (${id}), and administrators were told of ${told.length} failovers from it, the last one at ${at(second.time)}.`;
        found.push({ time: second.time, text });
      }
    }
    const slowestMs = Math.max(0, ...took);
    const text = {
      holds: `Administrators were told of each of ${examined} failovers, and once, ${ms(slowestMs)} after another one's first write at most.`,
      nothing: "Nobody took another's place.",
    };
    const all = inTime([...found, ...repeats(taken, strikes)]);
    const check: Check = conclude("administrators are told of each failover once", examined, all, text, { failovers: examined, slowestMs });
    return concludeBound(evidence, toldWithinMs, check);
  };
}

type Taken = Evidence["notices"];

function firstOfEach(notices: Taken): Taken {
  return [...Map.groupBy(notices, ({ failover }) => failover).values()].flatMap(([first]) => (first ? [first] : []));
}

/** What was taken, and told again though the one that told it was not struck in between. */
function repeats(taken: Taken, strikes: readonly Injection[]): readonly Counterexample[] {
  return [...Map.groupBy(taken, ({ failover }) => failover).values()].flatMap((same) =>
    same.slice(1).flatMap(({ time, from, to }, i) => {
      const before = same[i]?.time ?? time;
      const cannotHaveNoted = ({ on, requestedAt }: Injection): boolean =>
        on !== from && roleOf(on) === roleOf(to) && requestedAt >= before - onItsWayMs && requestedAt <= Math.min(time, before + toldWithinMs);
      if (strikes.some(cannotHaveNoted)) return [];
      return [{ time, text: `That ${to} took the place of ${from} had been taken note of at ${at(before)}, and was told again at ${at(time)}.` }];
    }),
  );
}

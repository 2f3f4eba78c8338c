/** HS-17: a balancer that finds instances by a name follows its changes without being told (`find-by-name`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

/** @param boundMs from a change of the name to what the balancer does, and from the return of a silent name service to an answer */
export function followsTheName({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let [added, removed, silence] = ["", "", ""];
    for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "find-by-name")) {
      const { toFirst = 0, addedFoundAfterMs, removedLeftAfterMs = 0, servesAgainAfterMs, askedInSilence = 0, notServedInSilence = 0 } = numbers;
      // Nobody was led to the address that it began with: then a name decided nothing.
      if (toFirst === 0) continue;
      examined += toFirst + (numbers.toSecond ?? 0);
      const accuse = (what: string) => found.push({ time, until, text: `${what}; ${ms(boundMs)} are allowed (${id} at ${at(time)}).` });
      const late = (afterMs: number): boolean => afterMs > boundMs + toleranceMs(evidence, boundMs);
      if (addedFoundAfterMs === undefined) accuse("An address that was added to the name got no request at all");
      else if (late(addedFoundAfterMs)) accuse(`An address that was added to the name got its first request ${ms(addedFoundAfterMs)} later`);
      if (late(removedLeftAfterMs)) accuse(`An address that was taken from the name got a request ${ms(removedLeftAfterMs)} later`);
      if (askedInSilence > 0 && (servesAgainAfterMs === undefined || late(servesAgainAfterMs)))
        accuse(
          `After the name service had been silent, nobody was served for ${servesAgainAfterMs === undefined ? "as long as anybody looked" : ms(servesAgainAfterMs)}`,
        );
      [added, removed] = [ms(addedFoundAfterMs ?? 0), ms(removedLeftAfterMs)];
      silence = `while the name service was silent, ${notServedInSilence} of ${askedInSilence} requests were not served, and it served again ${ms(servesAgainAfterMs ?? 0)} after`;
    }
    const text = {
      holds: `Without a reload an added address got its first request after ${added}, and a removed one its last after ${removed}; ${silence}.`,
      nothing: "No request was led by a name.",
    };
    return concludeBound(evidence, boundMs, conclude("the balancer follows the name", examined, inTime(found), text, { examined }));
  };
}

/** The balancer waits for so long for the name service, which is the harness's (ms). */
const nameWithinMs = 2000;

/** Nobody pays for a change of the name: while it has at least one address of an instance that serves, everybody is served. */
export const changesCostNobody: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let examined = 0;
  for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "find-by-name")) {
    const { asked = 0, notServed = 0 } = numbers;
    examined += asked;
    const text = `${notServed} of ${asked} requests were not served while the name changed, though each of its addresses serves (${id} at ${at(time)}).`;
    if (notServed > 0) found.push({ time, until, text });
  }
  const text = { holds: `All of ${examined} requests were served while the name changed.`, nothing: "Nobody asked while a name changed." };
  return concludeBound(evidence, nameWithinMs, conclude("changes of the name cost nobody", examined, inTime(found), text, { asked: examined }));
};

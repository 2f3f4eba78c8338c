/** AB-8: an instance whose dependencies are lost is alive all the same, and not ready without the one that it cannot serve without. */
import { type Check, type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { alone, toldDuring } from "./health-told.ts";
import { at, concludeBound, inTime } from "./judge.ts";

export interface PagesOptions {
  /** All components that are lost in turn, by the names of the health page. */
  readonly components: readonly string[];
  /** Without which of them nobody is ready. */
  readonly needed: string;
  /** From the question to the answer (ms): an instance that was late by a fifth of it decides nothing. */
  readonly answerWithinMs: number;
}

/** During each loss every instance answers that it is alive, whenever it is asked; and none that has lost what it needs says at the end that it is ready. */
export function readyAndLive({ components, needed, answerWithinMs }: PagesOptions): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    // Whoever says in so many words that it is not alive had the time to: no bound excuses that.
    const plain: Counterexample[] = [];
    const lostComponents = new Set<string>();
    let examined = 0;
    for (const injection of alone(evidence)) {
      const { id, requestedAt: time, healingAt: until } = injection;
      const { lost, all } = toldDuring(injection, components);
      lostComponents.add(lost);
      for (const { instance, concerned, ready, readyAgain, notLive } of all) {
        if (Number.isNaN(notLive)) continue;
        examined++;
        const where = `${instance}, asked while ${lost} was lost to ${concerned ? "it" : "another"} (${id} at ${at(time)}),`;
        if (notLive > 0) plain.push({ time, text: `${where} did not say that it was alive ${notLive} times: whoever goes by that starts it anew.` });
        if (concerned && lost === needed && ready === 1) found.push({ time, until, text: `${where} said at the end that it was ready.` });
        else if (concerned && lost === needed && readyAgain > 0)
          found.push({ time, until, text: `${where} had said that it was not ready, and said ${readyAgain} times afterwards that it was.` });
      }
    }
    const missing = components.filter((name) => !lostComponents.has(name));
    const text = {
      holds: `In ${examined} cases an instance was alive, and not ready without ${needed}.`,
      nothing:
        missing.length > 0 ? `Nobody was asked while each was lost: ${missing.join(", ")}.` : "No instance has a page that says whether it is alive.",
    };
    const told = (of: readonly Counterexample[]): Check =>
      conclude("alive through every loss, and ready only with what it needs", missing.length > 0 ? 0 : examined, inTime(of), text);
    return plain.length > 0 ? told([...plain, ...found]) : concludeBound(evidence, answerWithinMs, told(found));
  };
}

/** FR-9: the same request under the same key is never taken for another one, however late it comes. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, ms } from "./judge.ts";

const asked = ({ input }: Operation): string => JSON.stringify(input);

/**
 * No create is refused as another one (422) that asks for what an acknowledged create of its key asked for: a key belongs to one body for ever, so the order of the two does not matter. Some
 * have to have been answered `afterMs` or longer after the first acknowledgement.
 */
export function sameBodyTaken({ afterMs }: { readonly afterMs: number }): Checker {
  return ({ operations }) => {
    const found: Counterexample[] = [];
    let [late, oldestMs] = [0, 0];
    for (const [key, creates] of Map.groupBy(
      operations.filter(({ f }) => f === "create"),
      (create) => create.key,
    )) {
      const accepted = creates.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.completedAt - b.completedAt);
      if (key === "") continue;
      for (const create of creates) {
        const first = accepted.find((one) => asked(one) === asked(create));
        const isRefused = create.error === "status 422";
        if (first === undefined || (create.outcome !== "ok" && !isRefused)) continue;
        const age = create.invokedAt - first.completedAt;
        if (age >= afterMs) late++;
        oldestMs = Math.max(oldestMs, age);
        if (!isRefused) continue;
        const text = `the create of the key ${key} was refused at ${at(create.answeredAt)} as another one than that of ${at(first.invokedAt)}, which asked for the same and was acknowledged (operations ${first.index}, ${create.index}).`;
        found.push({ time: create.answeredAt, text });
      }
    }
    const text = {
      holds: `${late} creates that were sent again ${ms(afterMs)} or longer after the first answer were known for the same, the last one after ${ms(oldestMs)}.`,
      nothing: `No create was sent again ${ms(afterMs)} or longer after the first answer.`,
    };
    return conclude("the same body is taken for the same", late, inTime(found), text, { sentAgainLate: late, oldestMs });
  };
}

/** HA-18: while one instance of a role serves and the others stand by, clients are led to the one that serves. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { at, inTime, ms } from "./judge.ts";
import { foundNobody } from "./led-elsewhere.ts";
import { decidesNothing, unlessSaturated } from "./saturation.ts";

/** Answers of the one instance before and after, so close, show that it served (ms). */
const besideMs = 1000;
/** Fewer operations decide nothing (SEMANTICS, "Faults and load"), and this share of them may find nobody: a connection that is kept may be closed just as it is used. */
const least = 200;
const lostShare = 0.01;

/** Whether an instance said itself that it does not serve. */
function refusedBy({ served, error, by }: Operation): string | undefined {
  return served !== "yes" && by !== "" && /^status 503\b/.test(error) ? by : undefined;
}

/**
 * Far from every fault, operations `f` for which the balancer found nobody although the same instance answered others a moment before and after: it
 * asked somebody who only stands by, and left it at that; or somebody who stands by took them, and refused. The bound: one of a hundred.
 */
export function activeFound({ f }: { readonly f: readonly string[] }): Checker {
  return (evidence) => {
    const stretches = calmStretches(evidence);
    const wanted = evidence.operations.filter(
      ({ f: name, invokedAt, answeredAt }) => f.includes(name) && Number.isFinite(answeredAt) && isCalm(stretches, invokedAt, answeredAt),
    );
    const answers = evidence.operations.filter(({ served, by }) => served === "yes" && by !== "").map(({ answeredAt, by }) => ({ answeredAt, by }));
    const found: Counterexample[] = [];
    let examined = 0;
    for (const one of wanted) {
      if (one.served === "yes") examined++;
      const refuser = refusedBy(one);
      if (!foundNobody(one) && refuser === undefined) continue;
      const { f: name, process, index, invokedAt, answeredAt, error } = one;
      const beside = (from: number, to: number): ReadonlySet<string> =>
        new Set(answers.filter((one) => one.answeredAt >= from && one.answeredAt <= to).map((one) => one.by));
      const [before, after] = [beside(invokedAt - besideMs, invokedAt), beside(answeredAt, answeredAt + besideMs)];
      const [active, ...others] = new Set([...before, ...after]);
      if (active === undefined || others.length > 0 || before.size === 0 || after.size === 0 || refuser === active) continue;
      examined++;
      const how =
        refuser === undefined ? `found nobody ("${error}", operation ${index})` : `was refused by ${refuser} ("${error}", operation ${index})`;
      const text = `${name} of ${process}, sent at ${at(invokedAt)}, ${how}, while ${active} answered others within ${ms(besideMs)} before and after.`;
      found.push({ time: answeredAt, text });
    }
    const share = found.length / Math.max(1, examined);
    const text = {
      holds: `Of ${examined} operations, ${found.length} found nobody who serves while one instance did; one of a hundred may.`,
      nothing: `${examined} operations were seen while one instance served; ${least} are needed.`,
    };
    const enough = examined >= least ? examined : 0;
    const counted = enough > 0 && share > lostShare ? inTime(found) : [];
    const check = conclude("the one that serves is found", enough, counted, text, { operations: examined, foundNobody: found.length });
    const judged = unlessSaturated(evidence, besideMs, check);
    // Those that nothing excuses are as few as may be: it is by the others that there are too many.
    const standing = judged.verdict === "violated" ? (check.count * judged.counterexamples.length) / check.counterexamples.length : 0;
    if (standing === 0 || standing > lostShare * examined) return judged;
    return decidesNothing(check, `the machine's processors had no time left about all but ${Math.ceil(standing)} of them`);
  };
}

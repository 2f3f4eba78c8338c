/** LG-11: an outage of the database that is longer than the declared budget makes the server unavailable, at once and in so many words, and nothing else (SEMANTICS, LG-11). */
import type { Operation } from "../core/history.ts";
import { quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { availabilityOf } from "./availability-figures.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";

/** How much later than its budget a statement's caller may be answered, and how fast one that comes when the breaker is open (ms). */
const slackMs = 1000;
const openMs = 500;
/** Readiness is asked each half second, and an instance asks the database for up to a second before it says no (ms). */
const noticedMs = 2500;

/** Outages that certainly lasted longer than the budget, seen biting and healed. */
function longOutages(evidence: Evidence, budgetMs: number): readonly Injection[] {
  return injectionsOf(evidence.faults).filter(
    ({ on, bitingAt, healingAt }) => on.includes("postgres") && Number.isFinite(bitingAt) && healingAt - bitingAt > budgetMs + slackMs,
  );
}

/**
 * Operations `f` that began while the database was away longer than the budget are answered within budget + 1 s, and within 500 ms once the budget
 * was over when they began. An answer is any: 503 is the right one. No answer is a hang. Those of `underWay` are also looked at where they were sent before it was seen biting: they are
 * answered within budget + 1 s of that; for operations that wait for nothing but the database.
 */
export function failsFast({ f, underWay = [] }: { readonly f: readonly string[]; readonly underWay?: readonly string[] }): Checker {
  return (evidence) => {
    const property = "a long outage is answered in time";
    const budgetMs = evidence.constants.outageBudgetMs;
    if (budgetMs === undefined) return outOfReach(property, "outageBudgetMs");
    const end = loadEndsAt(evidence.operations);
    const found: Counterexample[] = [];
    // A lag that excuses half a second need not excuse the whole budget.
    const beyondBudget: Counterexample[] = [];
    const open: number[] = [];
    let examined = 0;
    const outages = longOutages(evidence, budgetMs);
    for (const outage of outages) {
      const opensAt = outage.bitingAt + budgetMs + slackMs;
      for (const operation of evidence.operations) {
        const isUnderWay = underWay.includes(operation.f) && operation.invokedAt < outage.bitingAt && operation.answeredAt > outage.bitingAt;
        if (!isUnderWay && (!f.includes(operation.f) || operation.invokedAt < outage.bitingAt || operation.invokedAt > outage.healingAt)) continue;
        const boundMs = isUnderWay ? opensAt - operation.invokedAt : operation.invokedAt > opensAt ? openMs : budgetMs + slackMs;
        // Once it heals, an operation may be served instead of refused, and that takes what it takes.
        if (operation.invokedAt + boundMs > Math.min(outage.healingAt, end)) continue;
        examined++;
        const tookMs = operation.answeredAt - operation.invokedAt;
        if (boundMs === openMs && Number.isFinite(tookMs)) open.push(tookMs);
        if (tookMs <= boundMs + toleranceMs(evidence, boundMs)) continue;
        const one = { time: operation.invokedAt, text: late(operation, tookMs, boundMs, outage) };
        found.push(one);
        if (tookMs > budgetMs + slackMs + toleranceMs(evidence, budgetMs + slackMs)) beyondBudget.push(one);
      }
    }
    const text = {
      holds: `All ${examined} operations that began during an outage longer than ${ms(budgetMs)} were answered in time; ${open.length} of them came when the budget was over, the slowest took ${ms(quantile(open, 1))}.`,
      nothing: "No operation began during an outage longer than the budget.",
    };
    const repaired = availabilityOf(evidence, f).flatMap(({ injection, failureToSuccessMs }) =>
      outages.some(({ id }) => id === injection.id) ? (failureToSuccessMs ?? []) : [],
    );
    const numbers = {
      operations: examined,
      ...(repaired.length > 0 ? { failureToSuccessMs: quantile(repaired, 1) } : {}),
      ...(open.length > 0
        ? { afterBudgetP50Ms: quantile(open, 0.5), afterBudgetP99Ms: quantile(open, 0.99), afterBudgetMaxMs: quantile(open, 1) }
        : {}),
    };
    const told = (of: readonly Counterexample[]) => conclude(property, open.length > 0 ? examined : 0, inTime(of), text, numbers);
    const check = concludeBound(evidence, openMs, told(found));
    const hangs = concludeBound(evidence, budgetMs + slackMs, told(beyondBudget));
    return check.verdict !== "violated" && hangs.verdict === "violated" ? hangs : check;
  };
}

function late(operation: Operation, tookMs: number, boundMs: number, outage: Injection): string {
  const took = Number.isFinite(tookMs) ? `was answered after ${ms(tookMs)} (${operation.error || operation.served})` : "was never answered";
  const intoMs = operation.invokedAt - outage.bitingAt;
  const when = intoMs >= 0 ? `${ms(intoMs)} into ${outage.id}` : `${ms(-intoMs)} before ${outage.id} was seen biting`;
  return `${operation.f} of ${operation.process} was sent at ${at(operation.invokedAt)}, ${when}, and ${took}; ${ms(boundMs)} are allowed (operation ${operation.index}).`;
}

/**
 * During a long outage operations `f` are refused in the words for it: whoever gets an answer that is no success gets one that says "later" (503) and how much later
 * (Retry-After), not one that says that the server is wrong. What is not answered at all is a hang, which is told by `failsFast`.
 */
export function refusesClearly({ f }: { readonly f: readonly string[] }): Checker {
  return (evidence) => {
    const property = "a long outage is told as one";
    const { outageBudgetMs } = evidence.constants;
    if (outageBudgetMs === undefined) return outOfReach(property, "outageBudgetMs");
    const found: Counterexample[] = [];
    let examined = 0;
    for (const outage of longOutages(evidence, outageBudgetMs)) {
      for (const operation of evidence.operations) {
        if (!f.includes(operation.f) || operation.invokedAt < outage.bitingAt || operation.answeredAt > outage.healingAt) continue;
        if (operation.served === "yes" || !/^status /.test(operation.error)) continue;
        examined++;
        if (operation.served === "shed" && !operation.error.endsWith("without Retry-After")) continue;
        const text = `${operation.f} of ${operation.process} was answered with ${operation.error} at ${at(operation.answeredAt)}, during ${outage.id}; a refusal that says when to come again was expected (operation ${operation.index}).`;
        found.push({ time: operation.answeredAt, text });
      }
    }
    const text = {
      holds: `All ${examined} operations that were refused during a long outage were told when to come again.`,
      nothing: "No operation was refused during an outage longer than the budget.",
    };
    return conclude(property, examined, inTime(found), text, { refused: examined });
  };
}

/**
 * During a long outage every instance says that it is not ready, and goes on answering: nothing that asks whether it is alive would restart it. What an instance says in so
 * many words, and that its process is gone, needs no bound in time: no busy machine excuses it.
 */
export const unreadyButAlive: Checker = (evidence) => {
  const property = "not ready, yet alive";
  const budgetMs = evidence.constants.outageBudgetMs;
  if (budgetMs === undefined) return outOfReach(property, "outageBudgetMs");
  const found: Counterexample[] = [];
  const plain: Counterexample[] = [];
  let examined = 0;
  const all = injectionsOf(evidence.faults);
  for (const outage of longOutages(evidence, budgetMs)) {
    const from = outage.bitingAt + noticedMs;
    for (const { source, time, values } of evidence.samples) {
      if (values.ready === undefined || time < from || time > outage.healingAt) continue;
      examined++;
      const where = `at ${at(time)}, ${ms(time - outage.bitingAt)} into ${outage.id}`;
      if (values.ready === 1) found.push({ time, text: `${source} said that it was ready ${where}.` });
      // Its own timer lag is in every answer of the metrics page.
      else if (values.live === 0 && values.lagMs !== undefined) plain.push({ time, text: `${source} said that it was to be restarted ${where}.` });
      else if (values.rssMb === undefined && !all.some(({ on, requestedAt, healedAt }) => on === source && time >= requestedAt && time <= healedAt))
        plain.push({ time, text: `${source} had ended ${where}.` });
      else if (values.lagMs === undefined) found.push({ time, text: `${source} answered nothing any more ${where}.` });
    }
  }
  const text = {
    holds: `All ${examined} looks at instances during a long outage found them not ready and answering.`,
    nothing: "Nobody looked at an instance during an outage longer than the budget.",
  };
  const told = (of: readonly Counterexample[]) => conclude(property, examined, inTime(of), text, { looks: examined });
  return plain.length > 0 ? told(plain) : concludeBound(evidence, noticedMs, told(found));
};

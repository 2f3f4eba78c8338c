/** HA-1: whose place another has taken, and who wakes up, answers nobody any more: clients that are led to it would be refused, or served by two. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { actsOf, roleOf } from "./acts.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms } from "./judge.ts";

/** Fewer operations while it is awake decide nothing (SEMANTICS, "Faults and load"). */
const least = 20;

export interface ReplacedOptions {
  /** The fault that stops an instance until another one serves, and for how long that is left to itself once it is awake (ms): until then it is the process of before. */
  readonly fault: string;
  readonly aloneMs: number;
  /** From its awakening until it must have learnt that its place is taken (ms). */
  readonly withinMs: number;
}

/**
 * An instance that was stopped until another one of its role wrote in its place, and woke up, answers no request that was sent later than `withinMs` after that, whatever it would say. An
 * answer with an error counts as well: clients come to it as long as it listens.
 */
export function replacedIsGone({ fault, aloneMs, withinMs }: ReplacedOptions): Checker {
  return (evidence) => {
    const acts = actsOf(evidence).flat();
    const found: Counterexample[] = [];
    let examined = 0;
    for (const { id, on, requestedAt, healingAt } of seenBiting(evidence.faults, fault)) {
      const successor = acts.find(({ by, time }) => by !== on && roleOf(by) === roleOf(on) && time >= requestedAt && time <= healingAt);
      const [from, to] = [healingAt + withinMs, healingAt + aloneMs - evidence.deltaMs];
      const asked = evidence.operations.filter(({ invokedAt }) => invokedAt >= from && invokedAt <= to);
      // A role that answers no clients has none to lose.
      const answers = evidence.operations.some(({ by }) => roleOf(by) === roleOf(on));
      if (!successor || !answers || asked.length < least) continue;
      examined += asked.length;
      for (const { f, by, process, invokedAt, answeredAt, error, served, index } of asked) {
        if (by !== on || answeredAt > to) continue;
        const text = `${f} of ${process}, sent at ${at(invokedAt)}, was answered "${error || served}" by ${on}, which had woken up at ${at(healingAt)} (${id}), and whose place ${successor.by} had taken by ${at(successor.time)}; ${ms(withinMs)} are allowed to learn of it (operation ${index}).`;
        found.push({ time: invokedAt, until: answeredAt, text });
      }
    }
    const text = {
      holds: `None of ${examined} operations was answered by an instance that had woken up and whose place was taken.`,
      nothing: "Nobody woke up whose place another one had taken, while clients asked.",
    };
    return concludeBound(evidence, withinMs, conclude("who was replaced answers nobody", examined, inTime(found), text, { asked: examined }));
  };
}

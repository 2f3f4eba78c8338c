/** AB-19, AB-31: when one instance is slow, whoever looks at the answers by instance sees which. */
import { tookMs } from "../core/history.ts";
import { quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, inTime, ms } from "./judge.ts";
import { busyFor, unlessExcused } from "./saturation.ts";

/** An answer is slow beyond so many times what nine of ten took before the fault, and beyond this (ms). */
const slowTimes = 3;
const slowAtLeastMs = 100;
/** So many slow answers, and so large a share of all, are felt; a machine that is late now and then makes fewer. */
const felt = 20;
const feltShare = 0.1;
/** The machine was late when more than this share of the readings of anybody but the victim tell of half such a time. */
const lateShare = 0.05;
/** An instance stands out when so large a share of its answers is slow, and so many times that of any other. */
const share = 0.2;
const times = 3;

interface OfInstance {
  readonly instance: string;
  readonly answers: number;
  readonly slow: number;
}

const shareOf = ({ answers, slow }: OfInstance): number => (answers === 0 ? 0 : slow / answers);

/**
 * While `fault` makes one instance of the role slow, its share of slow answers stands out; another's does not, and not everybody's is as large. Where clients felt
 * little, or the harness or another instance was late itself, nothing is known.
 */
export function slowInstanceNamed({ fault, role }: { readonly fault: string; readonly role: string }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    const doubts: string[] = [];
    const named: string[] = [];
    const numbers: Record<string, number> = {};
    const answered = evidence.operations.filter(({ outcome }) => outcome === "ok");
    const first = evidence.faults.reduce((earliest, { time }) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
    const usual = quantile(answered.filter(({ answeredAt }) => answeredAt < first).map(tookMs), 0.9);
    const slowMs = Math.max(slowAtLeastMs, slowTimes * usual);
    for (const injection of Number.isNaN(usual) ? [] : seenBiting(evidence.faults, fault)) {
      const { id, on, bitingAt, healingAt } = injection;
      const during = answered.filter(({ invokedAt, answeredAt }) => invokedAt >= bitingAt && answeredAt <= healingAt);
      const slow = during.filter((operation) => tookMs(operation) > slowMs);
      if (slow.length < Math.max(felt, feltShare * during.length) || wasLate(evidence, injection, slowMs / 2)) continue;
      const all = instancesOf(evidence, role)
        .map((instance): OfInstance => {
          const own = during.filter(({ by }) => by === instance);
          return { instance, answers: own.length, slow: own.filter((operation) => tookMs(operation) > slowMs).length };
        })
        .sort((a, b) => shareOf(b) - shareOf(a));
      const [top, second] = all;
      if (top === undefined || second === undefined) continue;
      const told = all.map(({ instance, answers, slow }) => `${instance} ${slow} of ${answers}`).join(", ");
      const text = `from ${at(bitingAt)} to ${at(healingAt)} ${slow.length} answers took longer than ${ms(slowMs)}: ${told}`;
      numbers[`${id} slowAnswers`] = slow.length;
      numbers[`${id} topSharePercent`] = 100 * shareOf(top);
      const standsOut = shareOf(top) >= share && shareOf(top) >= times * shareOf(second);
      const until = Math.max(bitingAt, healingAt);
      if (standsOut && top.instance === on) named.push(`${on} (${text})`);
      else if (standsOut) found.push({ time: bitingAt, until, text: `${text}; ${top.instance} stands out, and ${on} was the slow one (${id}).` });
      else if (shareOf(top) < 2 * shareOf(second))
        found.push({ time: bitingAt, until, text: `${text}; nobody stands out, and ${on} was slow (${id}).` });
      else doubts.push(text);
    }
    const summary = {
      holds: `The slow instance stands out: ${named.join("; ")}.`,
      nothing: `No ${fault} was felt by clients while everybody else was punctual.`,
    };
    const check = conclude("the slow instance is named", named.length + found.length + doubts.length, inTime(found), summary, { ...numbers, slowMs });
    // Everybody is slow on processors without time left for as long as answers were looked at.
    if (check.verdict === "violated") return unlessExcused(check, (from, to) => busyFor(evidence.samples, from, to));
    return check.verdict === "holds" && doubts.length > 0
      ? { ...check, verdict: "inconclusive", summary: `No instance stands out clearly enough: ${doubts.join("; ")}.` }
      : check;
  };
}

/** By what the sampler reached, not by what answers say of themselves. */
function instancesOf({ samples }: Evidence, role: string): readonly string[] {
  return [...new Set(samples.filter(({ source, values }) => source.startsWith(`${role}-`) && values.ready === 1).map(({ source }) => source))].sort();
}

/** Whether anybody but the victim was late by so much, and not just for a moment. */
function wasLate({ samples }: Evidence, { on, bitingAt, healedAt }: Injection, lagMs: number): boolean {
  const others = samples.filter(({ time, source, values }) => source !== on && time >= bitingAt && time <= healedAt && values.lagMs !== undefined);
  return others.length === 0 || others.filter(({ values }) => (values.lagMs ?? 0) > lagMs).length > lateShare * others.length;
}

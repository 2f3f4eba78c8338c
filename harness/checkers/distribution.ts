/** HA-6: the balancer spreads requests over its instances as its algorithm says (SEMANTICS, "Balancing"). */
import { chiSquareOfEqual, chiSquareSurvival } from "../core/chi-square.ts";
import type { Operation } from "../core/history.ts";
import { largest, sum } from "../core/stats.ts";
import { type Check, type Checker, conclude, type Evidence } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at } from "./judge.ts";

/** While the balancer chose in one way: by instance how many requests it answered; an instance that was ready and answered nothing counts 0. */
interface Spread {
  readonly from: number;
  readonly to: number;
  readonly counts: ReadonlyMap<string, number>;
  /** Requests that nobody is known to have answered, and those under way at an edge of the time: each may have gone anywhere. */
  readonly loose: number;
}

/** nginx's old workers may take connections for so long after the new ones do (ms). */
const reloadMs = 1000;

/** The times in which `reload-balancer` had the balancer choose among `role` instances by `balancing`. */
function spreadsOf(evidence: Evidence, role: string, balancing: string): readonly Spread[] {
  return seenBiting(evidence.faults, "reload-balancer")
    .filter(({ numbers }) => numbers[balancing] === 1)
    .map(({ bitingAt, healingAt }) => spreadOf(evidence, role, bitingAt + reloadMs, Math.min(healingAt, evidence.endsAt)))
    .filter(({ counts }) => counts.size > 1 && sum([...counts.values()]) > 0);
}

function spreadOf(evidence: Evidence, role: string, from: number, to: number): Spread {
  const counts = new Map<string, number>();
  const isOne = (name: string): boolean => name.startsWith(`${role}-`);
  for (const { source, time, values } of evidence.samples)
    if (isOne(source) && values.ready === 1 && time >= from && time <= to) counts.set(source, 0);
  let loose = 0;
  for (const operation of evidence.operations) {
    if (operation.invokedAt < from || operation.invokedAt > to) {
      if (underWayAt(operation, from)) loose++;
      continue;
    }
    if (underWayAt(operation, to) || !isOne(operation.by)) loose++;
    if (isOne(operation.by)) counts.set(operation.by, (counts.get(operation.by) ?? 0) + 1);
  }
  return { from, to, counts, loose };
}

function underWayAt({ invokedAt, answeredAt }: Operation, time: number): boolean {
  return invokedAt <= time && answeredAt >= time;
}

/**
 * Round robin: the most and the fewest requests of an instance differ by no more than the number of the balancer's worker processes, each of which goes
 * round by itself. Requests that may have gone anywhere can explain as much again.
 */
export function roundRobin({ role, workers }: { readonly role: string; readonly workers: number }): Checker {
  return judged(`round robin over ${role} instances`, role, "round_robin", ({ counts, loose }) => {
    const all = [...counts.values()];
    const apart = largest(all) - Math.min(...all);
    const numbers = { mostApart: apart, loose };
    if (apart <= workers) return { verdict: "holds", text: `at most ${apart} apart; ${workers} are allowed`, numbers };
    const verdict = apart > workers + loose ? "violated" : "inconclusive";
    return { verdict, text: `${apart} apart, where ${workers} are allowed and ${loose} requests may have gone anywhere`, numbers };
  });
}

/** By a hash of the client's address: a load that comes from one address is answered by one instance. */
export function oneInstanceForAll({ role }: { readonly role: string }): Checker {
  return judged(`one of the ${role} instances for one address`, role, "ip_hash", ({ counts, loose }) => {
    const others = sum([...counts.values()]) - largest([...counts.values()]);
    const text = others === 0 ? "all by one" : `${others} by another one than most, where ${loose} requests may have gone anywhere`;
    return { verdict: others === 0 ? "holds" : others > loose ? "violated" : "inconclusive", text, numbers: { elsewhere: others, loose } };
  });
}

/** A result this improbable under equal shares contradicts them. */
const significance = 1e-4;

/** Equal shares at random: the chi-square test of the counts, at 1e-4. Requests that may have gone anywhere are given to whoever has fewest. */
export function equalShares({ role }: { readonly role: string }): Checker {
  return judged(`equal shares of ${role} instances`, role, "random", ({ counts, loose }) => {
    const all = [...counts.values()];
    const probability = (of: readonly number[]): number => chiSquareSurvival(chiSquareOfEqual(of), of.length - 1);
    const p = probability(all);
    const numbers = { chiSquare: chiSquareOfEqual(all), probability: p, loose };
    if (sum(all) < 5 * all.length) return { verdict: "inconclusive", text: "too few for the test, which needs 5 for each", numbers };
    const chiSquare = `chi-square ${numbers.chiSquare.toFixed(1)}`;
    if (p >= significance) return { verdict: "holds", text: `${chiSquare}, probability ${p.toPrecision(2)}`, numbers };
    const verdict = probability(levelled(all, loose)) < significance ? "violated" : "inconclusive";
    const text = `${chiSquare}, which equal shares exceed with probability ${p.toPrecision(2)} only; ${loose} requests may have gone anywhere`;
    return { verdict, text, numbers };
  });
}

/** The counts after `more` have been given, one after another, to whoever has fewest. */
function levelled(counts: readonly number[], more: number): number[] {
  const filled = [...counts];
  for (let i = 0; i < more; i++) filled[filled.indexOf(Math.min(...filled))] = Math.min(...filled) + 1;
  return filled;
}

type Answer = { readonly verdict: Check["verdict"]; readonly text: string; readonly numbers: Readonly<Record<string, number>> };

/** Judges each time in which the balancer chose so; the worst decides. */
function judged(property: string, role: string, balancing: string, decide: (spread: Spread) => Answer): Checker {
  return (evidence) => {
    const all = spreadsOf(evidence, role, balancing).map((spread) => ({ spread, ...decide(spread) }));
    const [worst] = (["violated", "inconclusive", "holds"] as const).flatMap((verdict) => all.filter((one) => one.verdict === verdict));
    const nothing = `The balancer was never seen to choose by ${balancing} among ready ${role} instances while there were requests.`;
    if (worst === undefined) return conclude(property, 0, [], { holds: "", nothing });
    const requests = all.reduce((count, { spread }) => count + sum([...spread.counts.values()]), 0);
    const { verdict, text, numbers, spread } = worst;
    const shares = [...spread.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`);
    const told = `From ${at(spread.from)} to ${at(spread.to)} requests were answered by ${shares.join(", ")}: ${text}.`;
    const found = verdict === "violated" ? [{ time: spread.from, text: told.charAt(0).toLowerCase() + told.slice(1) }] : [];
    return { ...conclude(property, requests, found, { holds: told, nothing }, { requests, ...numbers }), verdict };
  };
}

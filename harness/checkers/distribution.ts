/** HA-6: the balancer spreads requests over its instances as its algorithm says (SEMANTICS, "Balancing"). */
import { chiSquareOfEqual, chiSquareSurvival } from "../core/chi-square.ts";
import type { Operation } from "../core/history.ts";
import { largest, sum } from "../core/stats.ts";
import { type Check, type Checker, conclude, type Evidence } from "../core/verdict.ts";
import { calmStretches, longest } from "./calm.ts";
import { at } from "./judge.ts";

/** Requests of one calm stretch by the instance that answered them; an instance that was ready and answered nothing counts 0. */
interface Spread {
  readonly from: number;
  readonly to: number;
  readonly counts: ReadonlyMap<string, number>;
  /** Requests that nobody is known to have answered, and those under way at an edge of the stretch: each may have gone anywhere. */
  readonly loose: number;
}

function spreadOf(evidence: Evidence, role: string): Spread | null {
  const began = evidence.operations.reduce((first, { invokedAt }) => Math.min(first, invokedAt), Number.POSITIVE_INFINITY);
  const calm = longest(calmStretches(evidence, began));
  if (calm === null) return null;
  const { from, to } = calm;
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
 * Round robin: over a calm stretch the most and the fewest requests of an instance differ by no more than the number of the balancer's worker processes, each of
 * which goes round by itself. Requests that may have gone anywhere can explain as much again.
 */
export function roundRobin({ role, workers }: { readonly role: string; readonly workers: number }): Checker {
  return (evidence) =>
    judge(`round robin over ${role} instances`, spreadOf(evidence, role), ({ counts, loose }, told) => {
      const all = [...counts.values()];
      const apart = largest(all) - Math.min(...all);
      const numbers = { mostApart: apart, workers, loose };
      if (apart <= workers) return { verdict: "holds", text: `${told}: at most ${apart} apart; ${workers} are allowed.`, numbers };
      const verdict = apart > workers + loose ? "violated" : "inconclusive";
      return { verdict, text: `${told}: ${apart} apart, where ${workers} are allowed and ${loose} requests may have gone anywhere.`, numbers };
    });
}

/** A result this improbable under equal shares contradicts them. */
const significance = 1e-4;

/** Equal shares at random: the chi-square test of the counts, at 1e-4. Requests that may have gone anywhere are given to whoever has fewest. */
export function equalShares({ role }: { readonly role: string }): Checker {
  return (evidence) =>
    judge(`equal shares of ${role} instances`, spreadOf(evidence, role), ({ counts, loose }, told) => {
      const all = [...counts.values()];
      const probability = (of: readonly number[]): number => chiSquareSurvival(chiSquareOfEqual(of), of.length - 1);
      const p = probability(all);
      const numbers = { chiSquare: chiSquareOfEqual(all), probability: p, loose };
      if (sum(all) < 5 * all.length) return { verdict: "inconclusive", text: `${told}: too few for the test, which needs 5 for each.`, numbers };
      if (p >= significance)
        return { verdict: "holds", text: `${told}: chi-square ${numbers.chiSquare.toFixed(1)}, probability ${p.toPrecision(2)}.`, numbers };
      const verdict = probability(levelled(all, loose)) < significance ? "violated" : "inconclusive";
      const text = `${told}: chi-square ${numbers.chiSquare.toFixed(1)}, which equal shares exceed with probability ${p.toPrecision(2)} only; ${loose} requests may have gone anywhere.`;
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

function judge(property: string, spread: Spread | null, decide: (spread: Spread, told: string) => Answer): Check {
  const total = spread === null ? 0 : sum([...spread.counts.values()]);
  const nothing = "No calm stretch with requests and at least two ready instances was seen.";
  if (spread === null || total === 0 || spread.counts.size < 2) return conclude(property, 0, [], { holds: "", nothing });
  const shares = [...spread.counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`);
  const told = `from ${at(spread.from)} to ${at(spread.to)} requests were answered by ${shares.join(", ")}`;
  const { verdict, text, numbers } = decide(spread, told);
  const found = verdict === "violated" ? [{ time: spread.from, text }] : [];
  return { ...conclude(property, total, found, { holds: text, nothing }, { requests: total, ...numbers }), verdict };
}

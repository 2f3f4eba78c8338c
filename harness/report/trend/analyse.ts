/** What a series of runs says of each claim: what it is now, since when, and whether the code or chance decides it. Pure. */
import type { Verdict } from "../../core/verdict.ts";
import type { TrendLine } from "./line.ts";

export interface ClaimTrend {
  readonly claim: string;
  /** One for each run; null where it was not tried. */
  readonly verdicts: readonly (Verdict | null)[];
  readonly now: Verdict | null;
  /** A sentence for each experiment that gave different verdicts for the same code. */
  readonly flaky: readonly string[];
  /** Since when the claim is violated, and between which commits to look; "" where it is not, or has always been. */
  readonly firstBad: string;
}

/** Trials of one experiment differ by the seed alone. */
const experimentOf = (trial: string): string => trial.replace(/\.\d+$/, "");

/** In the order in which things were recorded, without runs with a planted defect. */
export function comparable(lines: readonly TrendLine[]): readonly TrendLine[] {
  return lines.filter(({ defect }) => defect === "").toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
}

/** @param lines comparable runs, oldest first; those that need a look come first */
export function claimTrends(lines: readonly TrendLine[]): readonly ClaimTrend[] {
  const ids = [...new Set(lines.flatMap(({ claims }) => Object.keys(claims)))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const trends = ids.map((claim): ClaimTrend => {
    const verdicts = lines.map(({ claims }) => claims[claim] ?? null);
    return {
      claim,
      verdicts,
      now: verdicts.findLast((verdict) => verdict !== null) ?? null,
      flaky: flakesOf(claim, lines),
      firstBad: firstBad(claim, lines),
    };
  });
  const need = ({ now, flaky }: ClaimTrend): number => (now === "violated" ? 0 : flaky.length > 0 ? 1 : now === "inconclusive" ? 2 : 3);
  return trends.toSorted((a, b) => need(a) - need(b));
}

/** The same experiment with the same code, and not the same verdict. Code that nobody knows is like no other. */
function flakesOf(claim: string, lines: readonly TrendLine[]): readonly string[] {
  const seen = new Map<string, { experiment: string; commits: Set<string>; counts: Map<Verdict, number> }>();
  for (const line of lines) {
    for (const [trial, { code, claims }] of Object.entries(line.experiments)) {
      const verdict = claims[claim];
      const same = code !== "" ? code : line.commit;
      if (verdict === undefined || (code === "" && !isExact(line.commit))) continue;
      const experiment = experimentOf(trial);
      const key = `${experiment}\n${same}`;
      const known = seen.get(key) ?? { experiment, commits: new Set(), counts: new Map() };
      seen.set(key, known);
      known.commits.add(line.commit);
      known.counts.set(verdict, (known.counts.get(verdict) ?? 0) + 1);
    }
  }
  return [...seen.values()]
    .filter(({ counts }) => counts.size > 1)
    .map(({ experiment, commits, counts }) => {
      const times = [...counts].map(([verdict, n]) => `${verdict} ${n === 1 ? "once" : `${n} times`}`).join(", ");
      return `${experiment}: ${times} with the same code (${[...commits].slice(-3).join(", ")}).`;
    });
}

/** The stretch of violated runs that lasts until now, and the last run before it that held. */
function firstBad(claim: string, lines: readonly TrendLine[]): string {
  const tried = lines.filter(({ claims }) => claims[claim] !== undefined);
  if (tried.at(-1)?.claims[claim] !== "violated") return "";
  const lastGood = tried.findLastIndex(({ claims }) => claims[claim] === "holds");
  const good = tried[lastGood];
  const bad = tried.slice(lastGood + 1).find(({ claims }) => claims[claim] === "violated");
  if (good === undefined || bad === undefined) return "";
  const since = `held at ${good.commit} (${day(good)}), violated since ${bad.commit} (${day(bad)})`;
  if (isExact(good.commit) && good.commit === bad.commit) return `${since}: the commit is the same, so chance decided it.`;
  return `${since}: git log ${exact(good.commit)}..${exact(bad.commit)}${isExact(good.commit) && isExact(bad.commit) ? "" : ", beside changes that were not committed"}.`;
}

const day = ({ startedAt }: TrendLine): string => startedAt.slice(0, 10);
/** `+` marks files that differed from the commit. */
const isExact = (commit: string): boolean => /^[0-9a-f]{7,40}$/.test(commit);
const exact = (commit: string): string => commit.replace(/\+$/, "");

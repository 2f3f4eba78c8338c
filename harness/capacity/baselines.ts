/** Figures of earlier runs, one run a line, in one series for each machine: what a nightly run is held against. */
import type { Random } from "../core/random.ts";
import { median } from "../core/stats.ts";
import { type ChangePoint, changePoints, leastNights } from "./change-points.ts";
import { figuresOf } from "./compare.ts";
import { machineKey } from "./machine.ts";
import { pointsByLoad } from "./points.ts";
import type { CapacityResult, Point } from "./result.ts";

/** A line of `baselines.jsonl`. */
export interface Baseline {
  readonly version: 1;
  readonly startedAt: string;
  readonly commit: string;
  /** Of {@link machineKey}: neither host nor user. */
  readonly machine: string;
  /** What was measured: scenario, target and settings. */
  readonly subject: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** @returns a run's figures: the sustainable rate, and the median of each figure of each point that is valid */
export function baselineOf(result: CapacityResult): Baseline {
  const { startedAt, commit, machine, target, scenario, settings, sustainable } = result;
  const figures: Record<string, number> = {};
  if (sustainable && sustainable.lowPerSecond > 0)
    figures[`${sustainable.instances} instances, sustainable rate per second`] = sustainable.lowPerSecond;
  for (const [what, points] of pointsByLoad(result))
    for (const { name, of } of figuresOf(points)) {
      const value = median(points.map((point: Point) => of(point)));
      if (Number.isFinite(value)) figures[`${what}, ${name}`] = value;
    }
  const subject = [
    target,
    scenario,
    ...Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
  ].join(" ");
  return { version: 1, startedAt, commit, machine: machineKey(machine), subject, figures };
}

export interface SeriesJudged {
  readonly figure: string;
  readonly nights: number;
  /** null: too few nights for a verdict. */
  readonly changes: readonly (ChangePoint & { readonly startedAt: string; readonly commit: string })[] | null;
  readonly summary: string;
}

/** Each figure of the newest line's series, with where it changed. Lines of other machines and subjects are other series; a night that is there twice counts once. */
export function judgeBaselines(lines: readonly Baseline[], random: Random): readonly SeriesJudged[] {
  const last = lines.at(-1);
  if (!last) return [];
  const own = lines.filter(({ machine, subject }) => machine === last.machine && subject === last.subject);
  const nights = [...new Map(own.map((line) => [line.startedAt, line])).values()].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return Object.keys(last.figures).map((figure): SeriesJudged => {
    const measured = nights.filter(({ figures }) => Number.isFinite(figures[figure]));
    const found = changePoints(
      measured.map(({ figures }) => figures[figure] as number),
      random,
    );
    if (found === null) {
      const summary = `${figure}: ${measured.length} of ${leastNights} nights, no verdict yet.`;
      return { figure, nights: measured.length, changes: null, summary };
    }
    const changes = found.map((change) => {
      const { startedAt, commit } = measured[change.at] as Baseline;
      return { ...change, startedAt, commit };
    });
    const told = changes.map(
      ({ before, after, startedAt, commit }) =>
        `from ${short(before)} to ${short(after)} (${percent(after / before - 1)}) on ${startedAt} with ${commit}`,
    );
    return {
      figure,
      nights: measured.length,
      changes,
      summary: `${figure}: ${told.length === 0 ? `no change in ${measured.length} nights` : told.join(", then ")}.`,
    };
  });
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)} %` : "from nothing";
}

/** Two chaos runs: verdicts can be compared, times cannot, because each experiment ran once under faults of its own. */
import type { SuiteVerdict, Verdict } from "../core/verdict.ts";
import { type Change, worst } from "./compare.ts";

export interface SuitesCompared {
  readonly verdict: Change;
  /** Claims whose verdict is another one, as sentences. */
  readonly changed: readonly string[];
  /** Figures that both runs have: no verdict is made of them. */
  readonly figures: readonly { readonly name: string; readonly a: number; readonly b: number }[];
  /** What could not be compared. */
  readonly remarks: readonly string[];
}

/** Rates, latencies, and how long something took. */
const headline = /(PerSecond|Ms|Percent)$/;

export function compareSuites(a: SuiteVerdict, b: SuiteVerdict): SuitesCompared {
  const remarks: string[] = [];
  const before = new Map(a.claims.map((claim) => [claim.id, claim]));
  const decided = (verdict: Verdict): boolean => verdict !== "not tried" && verdict !== "out of reach";
  const changed: string[] = [];
  const changes = b.claims.flatMap(({ id, verdict, summary }): Change[] => {
    const was = before.get(id)?.verdict ?? "not tried";
    if (!decided(was) && !decided(verdict)) return [];
    if (!decided(was) || !decided(verdict)) {
      remarks.push(`${id} was tried in ${decided(was) ? "A" : "B"} only.`);
      return [];
    }
    if (was !== verdict) changed.push(`${id} was "${was}" in A and is "${verdict}" in B: ${summary}`);
    return [changeOf(was, verdict)];
  });
  if (a.defect !== b.defect) remarks.push(`A ran with ${defectOf(a)}, B with ${defectOf(b)}.`);
  if (a.seed !== b.seed) remarks.push(`The seeds differ (${a.seed}, ${b.seed}): faults came at other times.`);
  const figures = figuresOf(a, b);
  if (figures.length > 0)
    remarks.push(
      "Times and rates have no verdict: an experiment runs once under faults, and one run says nothing of the noise. `npm run capacity` measures them.",
    );
  return { verdict: changes.length === 0 ? "inconclusive" : worst(changes), changed, figures, remarks };
}

function changeOf(was: Verdict, is: Verdict): Change {
  if (is === "violated") return was === "violated" ? "same" : "worse";
  if (was === is) return is === "inconclusive" ? "inconclusive" : "same";
  return is === "holds" && was === "violated" ? "better" : "inconclusive";
}

function defectOf({ defect }: SuiteVerdict): string {
  return defect === "" ? "no planted defect" : `the planted defect ${defect}`;
}

function figuresOf(a: SuiteVerdict, b: SuiteVerdict): SuitesCompared["figures"] {
  const [left, right] = [a, b].map(
    (suite) =>
      new Map(
        suite.experiments.flatMap(({ experiment, durationMs, claims, load }) => [
          [`${experiment}, durationMs`, durationMs] as const,
          ...[load, ...claims.flatMap(({ checks }) => checks.map(({ numbers }) => numbers))]
            .flatMap((numbers) => Object.entries(numbers))
            .filter(([name, value]) => headline.test(name) && Number.isFinite(value))
            .map(([name, value]) => [`${experiment}, ${name}`, value] as const),
        ]),
      ),
  ) as [Map<string, number>, Map<string, number>];
  return [...left].flatMap(([name, value]) => {
    const other = right.get(name);
    return other === undefined ? [] : [{ name, a: value, b: other }];
  });
}

/** The result of a run from what its studies found. */
import type { CapacityReport } from "../result.ts";

type About = Pick<CapacityReport, "version" | "startedAt" | "seed" | "commit" | "target" | "machine" | "targetPerSecond" | "variant">;

export function summarise(parts: readonly Partial<CapacityReport>[], about: About): CapacityReport {
  const all = <K extends keyof CapacityReport>(key: K): NonNullable<CapacityReport[K]>[] =>
    parts.flatMap((part) => (part[key] === undefined || part[key] === null ? [] : [part[key] as NonNullable<CapacityReport[K]>]));
  const first = <K extends keyof CapacityReport>(key: K): CapacityReport[K] | null => all(key)[0] ?? null;
  const claims = all("claims").flat();
  const searched = all("searched").flat();
  const sustainable = first("sustainable");
  const against = first("against");
  // A search that ended with void windows, and one that met nothing, has no number.
  const nothing = sustainable !== null && (sustainable.lowPerSecond === 0 || searched.at(-1)?.outcome === "void");
  const bad = claims.some(({ verdict }) => verdict === "violated") || against?.verdict === "worse";
  const undecided = nothing || claims.some(({ verdict }) => verdict === "inconclusive") || against?.verdict === "inconclusive";
  return {
    ...about,
    exit: bad ? 1 : undecided ? 2 : 0,
    scenario: first("scenario") ?? "",
    settings: first("settings") ?? {},
    objectives: first("objectives") ?? {},
    ...{ searched, sustainable, claims },
    maximumPerSecond: first("maximumPerSecond"),
    kneePerSecond: first("kneePerSecond"),
    scaling: first("scaling") ?? [],
    noise: all("noise").flat(),
    pairs: all("pairs").flat(),
    against,
    growth: all("growth").flat(),
    rates: all("rates").flat(),
    script: first("script"),
    underFaults: first("underFaults"),
  };
}

/** The result of a run from what its studies found. */
import type { CapacityReport } from "./result.ts";

type About = Pick<CapacityReport, "version" | "startedAt" | "seed" | "commit" | "target" | "machine" | "targetPerSecond" | "variant">;

export function summarise(parts: readonly Partial<CapacityReport>[], about: About): CapacityReport {
  const all = <K extends keyof CapacityReport>(key: K): NonNullable<CapacityReport[K]>[] =>
    parts.flatMap((part) => (part[key] === undefined || part[key] === null ? [] : [part[key] as NonNullable<CapacityReport[K]>]));
  const first = <K extends keyof CapacityReport>(key: K): CapacityReport[K] | null => all(key)[0] ?? null;
  const claims = all("claims").flat();
  const searches = all("searches").flat();
  const [against, underFaults] = [first("against"), first("underFaults")];
  // A search that ended with void windows, and one that met nothing, has no number.
  const nothing = searches.some(({ searched, sustainable }) => sustainable.lowPerSecond === 0 || searched.at(-1)?.outcome === "void");
  const lost = underFaults?.tried.some(({ verdict }) => verdict === "violated") ?? false;
  const bad = lost || claims.some(({ verdict }) => verdict === "violated") || against?.verdict === "worse";
  const open = claims.some(({ verdict }) => verdict === "inconclusive") || against?.verdict === "inconclusive";
  const undecided = nothing || open || underFaults?.sustainedPerSecond === null;
  return {
    ...about,
    exit: bad ? 1 : undecided ? 2 : 0,
    scenario: first("scenario") ?? "",
    settings: first("settings") ?? {},
    objectives: first("objectives") ?? {},
    ...{ searches, claims, against, underFaults },
    searched: first("searched") ?? [],
    sustainable: first("sustainable"),
    maximumPerSecond: first("maximumPerSecond"),
    kneePerSecond: first("kneePerSecond"),
    scaling: first("scaling") ?? [],
    noise: all("noise").flat(),
    pairs: all("pairs").flat(),
    growth: all("growth").flat(),
    rates: all("rates").flat(),
    script: first("script"),
  };
}

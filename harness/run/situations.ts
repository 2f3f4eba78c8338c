/** Which of the situations that a good suite meets an experiment did meet, and a run. */
import { messageOf } from "../base/errors.ts";
import type { Evidence, ExperimentVerdict, SituationSeen, SuiteVerdict } from "../core/verdict.ts";
import type { NamedSituation } from "./catalogue.ts";

/** One that throws was not seen, and its sentence says so: nothing is ever decided by it. */
export function situationsIn(situations: readonly NamedSituation[], evidence: Evidence): SituationSeen[] {
  return situations.map(({ id, what, sightings }) => {
    try {
      const seen = sightings(evidence);
      const first = seen.reduce(
        (earliest, one) => (one.time < earliest.time ? one : earliest),
        seen[0] ?? { time: Number.POSITIVE_INFINITY, text: "" },
      );
      return { id, what, count: seen.length, first: seen.length > 0 ? first : null };
    } catch (error) {
      return { id, what: `${what} (could not be looked for: ${messageOf(error)})`, count: 0, first: null };
    }
  });
}

/** A line a situation that was looked for at all, whether or not an experiment met it. */
export function situationsOf(situations: readonly NamedSituation[], experiments: readonly ExperimentVerdict[]): SuiteVerdict["sometimes"] {
  const lookedFor = new Set(experiments.flatMap(({ sometimes }) => sometimes.map(({ id }) => id)));
  return situations
    .filter(({ id }) => lookedFor.has(id))
    .map(({ id, what }) => {
      const seen = experiments.flatMap(({ experiment, sometimes }) =>
        sometimes.filter((one) => one.id === id && one.count > 0).map(({ count }) => ({ experiment, count })),
      );
      return { id, what, count: seen.reduce((sum, { count }) => sum + count, 0), seenIn: seen.map(({ experiment }) => experiment) };
    });
}

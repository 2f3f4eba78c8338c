/** The property that every judge must have: generated correct executions are never accused, a planted anomaly always is. For tests. */
// biome-ignore lint/style/noRestrictedImports: only tests import this file.
import fc from "fast-check";
import { type Random, seeded } from "../core/random.ts";
import type { Checker, Evidence } from "../core/verdict.ts";
import { generate } from "./generate.ts";

/** Executions tried for each property; a nightly run sets more with `fc.configureGlobal({ numRuns })`. */
const executions = fc.readConfigureGlobal()?.numRuns ?? 150;

/**
 * @throws Error (of fast-check, with the seed) when `checker` accuses a correct execution
 */
export function neverAccuses(checker: Checker): void {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const check = checker(generate(seeded(seed)));
      if (check.verdict === "violated") throw new Error(check.summary);
    }),
    { numRuns: executions },
  );
}

/**
 * Plants one anomaly in each execution; `plant` answers undefined where there is no place for it, and must find one in a fifth of them.
 *
 * @throws Error (of fast-check, with the seed) when `checker` does not find it
 */
export function alwaysFinds(checker: Checker, plant: (evidence: Evidence, random: Random) => Partial<Evidence> | undefined): void {
  let planted = 0;
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const evidence = generate(seeded(seed));
      const change = plant(evidence, seeded(seed, "anomaly"));
      if (change === undefined) return;
      planted++;
      const check = checker({ ...evidence, ...change });
      if (check.verdict !== "violated") throw new Error(`The planted anomaly was not found: ${check.summary}`);
    }),
    { numRuns: executions },
  );
  if (planted < executions / 5) throw new Error(`The anomaly found a place in ${planted} of ${executions} executions only.`);
}

/** One of those that fit, at random; undefined if none does. */
export function some<T>(random: Random, all: readonly T[], fits: (one: T) => boolean): T | undefined {
  const fitting = all.filter(fits);
  return fitting.length > 0 ? random.pick(fitting) : undefined;
}

/** With a record put in before the first one that is later, and numbered anew. */
export function inserted<T extends { readonly seq: number; readonly time: number }>(records: readonly T[], ...more: readonly T[]): T[] {
  return [...records, ...more].sort((a, b) => a.time - b.time).map((record, seq) => ({ ...record, seq }));
}

/** Instances that no fault hit in any way. */
export function untouched(evidence: Evidence): (instance: string) => boolean {
  const hit = new Set(evidence.faults.map((fault) => fault.on.split("->")[0]));
  return (instance) => !hit.has(instance);
}

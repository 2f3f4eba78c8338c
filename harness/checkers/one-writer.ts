/** HA-13, HA-4: once another node has been promoted, the old primary accepts no write any more, whatever it believes. */
import type { Sample } from "../core/records.ts";
import { largest } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { at, inTime, ms } from "./judge.ts";

interface Look {
  readonly time: number;
  /** What it tells was so at some moment from here on, up to its time. */
  readonly beganAt: number;
  readonly node: string;
  readonly timeline: number;
  /** The last entry of its audit trail. */
  readonly written: number;
}

/** Looks at nodes that took writes at that moment. */
function looksAtWriters(samples: readonly Sample[]): readonly Look[] {
  return samples.flatMap(({ time, source, values: { writable, timeline, written, lookMs = 0 } }) =>
    writable === 1 && timeline !== undefined && written !== undefined ? [{ time, beganAt: time - lookMs, node: source, timeline, written }] : [],
  );
}

/**
 * A promotion is the first look that finds a node on a new timeline. After it no node on an older timeline writes: two looks at it, both later, with more in its audit
 * trail at the second, are a counterexample. For how long two nodes said that they take writes is measured.
 */
export const oneWriter: Checker = (evidence: Evidence) => {
  const looks = looksAtWriters(evidence.samples);
  const promotions = new Map<number, Look>();
  for (const look of looks) if (!promotions.has(look.timeline)) promotions.set(look.timeline, look);
  const first = Math.min(...promotions.keys());
  promotions.delete(first);
  const found: Counterexample[] = [];
  let bothMs = 0;
  for (const promotion of promotions.values()) {
    const old = looks.filter((look) => look.timeline < promotion.timeline && look.beganAt > promotion.time + evidence.deltaMs);
    for (const [node, own] of Map.groupBy(old, (look) => look.node)) {
      const [begin, end] = [own[0], own.at(-1)];
      if (!begin || !end) continue;
      bothMs = Math.max(bothMs, end.time - promotion.time);
      if (end.written <= begin.written) continue;
      const text = `${node} accepted ${end.written - begin.written} writes on timeline ${begin.timeline} between ${at(begin.time)} and ${at(end.time)}, though ${promotion.node} had been promoted to timeline ${promotion.timeline} by ${at(promotion.time)}.`;
      found.push({ time: begin.time, text });
    }
  }
  const asked = evidence.samples.filter(({ values }) => values.writable !== undefined).map(({ time }) => time);
  const resolutionMs = largest(asked.slice(1).map((time, i) => time - (asked[i] ?? time)));
  const text = {
    holds: `After ${promotions.size} promotions no old primary accepted another write; two nodes said that they take writes for ${ms(bothMs)} at most.`,
    nothing: "No node was seen to be promoted.",
  };
  return conclude("one node accepts writes", promotions.size, inTime(found), text, {
    promotions: promotions.size,
    bothWritableMs: bothMs,
    resolutionMs,
  });
};

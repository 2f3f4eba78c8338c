/** HA-5: connections beyond the pool's size are for a crowd. When it is gone they are closed, or every instance that ever met one keeps from Postgres what others may need. */
import type { Sample } from "../core/records.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";
import { leastLookMs, unlessSaturated } from "./saturation.ts";

/** Whoever had waited has been served by then, and each connection that was given back meanwhile could have been closed (ms). */
const overMs = 5000;
/** Looks at Postgres, two a second. */
const leastLooks = 20;
/** What only looks on, for longer than the crowd lasts. */
const looks: readonly string[] = ["watch-the-alert"];

const atWork = ({ values }: Sample): number => (values.active ?? 0) + (values.idleInTransaction ?? 0);

/** The looks at an instance's sessions by Postgres's own account. */
function looksAt({ samples }: Evidence, instance: string): readonly Sample[] {
  return samples.filter(({ source, values }) => source === `postgres ${instance}` && values.connections !== undefined);
}

/**
 * While `fault` kept connections from being given back, an instance had more than its pool's `size`. In calm times from five seconds after it on, when fewer than that are at work in
 * every look, at least one look finds no more than `size` of them.
 */
export function overflowClosed({ size, fault }: { readonly size: number; readonly fault: string }): Checker {
  return (evidence) => {
    const calm = calmStretches({ ...evidence, faults: evidence.faults.filter((one) => !looks.includes(one.fault)) });
    const found: Counterexample[] = [];
    let examined = 0;
    const instances = new Set(evidence.samples.flatMap(({ source }) => /^postgres (.+)$/.exec(source)?.[1] ?? []));
    for (const { id, bitingAt, healingAt, healedAt } of seenBiting(evidence.faults, fault)) {
      for (const instance of instances) {
        const all = looksAt(evidence, instance);
        const most = all.reduce((sum, { time, values }) => (time >= bitingAt && time <= healingAt ? Math.max(sum, values.connections ?? 0) : sum), 0);
        const later = all.filter(({ time }) => time >= healedAt + overMs && isCalm(calm, time, time));
        const [first] = later;
        if (most <= size || first === undefined || later.length < leastLooks || later.some((look) => atWork(look) >= size)) continue;
        examined++;
        const least = Math.min(...later.map(({ values }) => values.connections ?? 0));
        if (least <= size) continue;
        const busiest = Math.max(...later.map(atWork));
        const text = `${instance} had ${most} connections during ${id}, and ${least} and more in all of ${later.length} looks from ${at(first.time)} on, of which ${busiest} were at work at most; its pool keeps ${size}.`;
        found.push({ time: first.time, until: later.at(-1)?.time ?? first.time, text });
      }
    }
    const text = {
      holds: `All ${examined} instances that had opened more than ${size} connections for a crowd closed what was beyond that.`,
      nothing: `No instance was seen to have more than ${size} connections during ${fault}, and then little to do for ${leastLooks} looks.`,
    };
    return unlessSaturated(evidence, leastLookMs, conclude("what was opened for a crowd is closed", examined, inTime(found), text, { examined }));
  };
}

/** HA-4: a primary that was replaced comes back as a standby, or the next failover finds nobody to promote. */
import type { Sample } from "../core/records.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms } from "./judge.ts";

/** The faults wait for so long until all nodes follow; who has not begun by the last part of it is not about to (ms). */
const [withinMs, stuckMs] = [60_000, 20_000];
/** Fewer looks at each of two nodes in that part decide nothing. */
const least = 10;

/**
 * After each of these faults at the primary, once it is asked to heal, the node that led before follows the one that leads then. It violates when it answers and does not: while another node
 * accepted writes it stayed where it was. One that does not answer may be copied anew, which takes its time; one that moves is restoring from the archive.
 */
export function followsAgain({ faults }: { readonly faults: readonly string[] }): Checker {
  return (evidence) => {
    const all = injectionsOf(evidence.faults);
    const looks = evidence.samples.filter(({ values }) => values.follows !== undefined);
    const found: Counterexample[] = [];
    let followed = 0;
    for (const one of all) {
      if (!faults.includes(one.fault) || !Number.isFinite(one.bitingAt) || !Number.isFinite(one.healingAt)) continue;
      const former = looks.findLast(({ time, values }) => time < one.requestedAt && values.writable === 1)?.source;
      const to = one.healingAt + withinMs;
      const isFormer = ({ source }: Sample): boolean => source === former;
      const since = looks.filter(({ time, values: { lookMs = 0 } }) => time - lookMs > one.healingAt && time <= to);
      const successor = since.findLast((look) => !isFormer(look) && look.values.writable === 1)?.source;
      if (former === undefined || successor === undefined) continue;
      if (receives(since.filter(isFormer))) followed++;
      else if (to <= evidence.endsAt && isLeftAlone(one, all, to)) {
        const last = since.filter(({ time }) => time > to - stuckMs);
        const leading = last.filter(({ source, values }) => source === successor && values.writable === 1);
        const own = last.filter(isFormer);
        const accepted = (leading.at(-1)?.values.written ?? 0) - (leading[0]?.values.written ?? 0);
        if (leading.length < least || own.length < least || !own.every((look) => standsStill(look, own[0])) || accepted <= 0) continue;
        const text = `${former}, which led until ${one.id} at ${at(one.requestedAt)}, answered and did not follow ${successor}, which leads since: in the last ${ms(stuckMs)} of the ${ms(withinMs)} after it was asked to heal at ${at(one.healingAt)} it stood still, and ${accepted} writes were accepted.`;
        found.push({ time: to - stuckMs, until: to, text });
      }
    }
    const text = {
      holds: `${followed} times a primary that was replaced followed its successor.`,
      nothing: "No primary that was replaced was seen to follow its successor, nor to answer without doing so.",
    };
    return concludeBound(evidence, stuckMs, conclude("a former primary follows again", followed, inTime(found), text, { followed }));
  };
}

/** It was never seen healed, and nothing else was done to the cluster until then. */
function isLeftAlone({ id, healingAt, healedAt }: Injection, all: readonly Injection[], to: number): boolean {
  return healedAt === Number.POSITIVE_INFINITY && all.every((other) => other.id === id || other.healedAt < healingAt || other.requestedAt > to);
}

/** Between two looks that found it connected to a leader it moved on: one that is refused what it asks for is connected for a moment, too. */
function receives(own: readonly Sample[]): boolean {
  const connected = own.filter(({ values }) => values.follows === 1).map(({ values: { replayed = 0 } }) => replayed);
  return (connected.at(-1) ?? 0) > (connected[0] ?? 0);
}

function standsStill({ values: { writable, replayed } }: Sample, first: Sample | undefined): boolean {
  return writable === 0 && replayed !== undefined && replayed === first?.values.replayed;
}

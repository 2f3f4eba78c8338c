/** HA-1: of the instances of a role of which one serves at a time, who was followed by another writes no more, whatever it believes. */
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Act, actsOf, roleOf } from "./acts.ts";
import { injectionsOf } from "./injections.ts";
import { at, inTime } from "./judge.ts";

export interface OneActiveOptions {
  /** The faults that end or stop an instance, and how long after their heal began it was started again at the earliest (ms). Until then it is the process of before. */
  readonly startedAgainMs: Readonly<Record<string, number>>;
}

/**
 * The successor serves only when every session of the one before is gone, so in the order in which the database took them no write of the one before follows one
 * of its successor's, unless it was started again in between and had its turn again.
 */
export function oneActive({ startedAgainMs }: OneActiveOptions): Checker {
  return (evidence) => {
    const starts = startsOf(evidence, startedAgainMs);
    const found: Counterexample[] = [];
    let changes = 0;
    let examined = 0;
    for (const acts of actsOf(evidence)) {
      for (const own of Map.groupBy(acts, ({ by }) => roleOf(by)).values()) {
        const turns = followed(own, (by, from, to) => starts.some((start) => start.on === by && start.time >= from && start.time <= to));
        found.push(...turns.found);
        changes += turns.changes;
        examined += own.length;
      }
    }
    const text = {
      holds: `In ${changes} changes of place none of ${examined} accepted writes came from an instance after its successor's first one.`,
      nothing: "Nobody took another's place, or there is no audit trail.",
    };
    return conclude("one of a role is active at a time", changes, inTime(found), text, { changes, writes: examined });
  };
}

/** When an instance may have been started again: as early as that can have been. Timers that lag make it later only. */
function startsOf(evidence: Evidence, after: OneActiveOptions["startedAgainMs"]): readonly { readonly on: string; readonly time: number }[] {
  return injectionsOf(evidence.faults).flatMap(({ fault, on, healingAt }) =>
    after[fault] === undefined ? [] : [{ on, time: healingAt + after[fault] - evidence.deltaMs }],
  );
}

/** Goes through the writes of a role. `startedAgain`: whether an instance may have been started between two times. */
function followed(
  acts: readonly Act[],
  startedAgain: (by: string, from: number, to: number) => boolean,
): { readonly found: readonly Counterexample[]; readonly changes: number } {
  const found: Counterexample[] = [];
  /** Who had its turn: its last write then, and the first one of its successor. */
  const past = new Map<string, { readonly last: Act; readonly successor: Act }>();
  let active: Act | undefined;
  let changes = 0;
  for (const act of acts) {
    const turn = past.get(act.by);
    if (turn && act.by !== active?.by && !startedAgain(act.by, turn.last.time, act.time)) {
      const { last, successor } = turn;
      const text = `${act.by} ${act.what} at ${at(act.time)}, though ${successor.by} had taken its place by ${at(successor.time)} and it had not been started again since ${at(last.time)}.`;
      found.push({ time: act.time, text });
      continue;
    }
    if (active && act.by !== active.by) {
      changes++;
      past.set(active.by, { last: active, successor: act });
    }
    active = act;
  }
  return { found, changes };
}

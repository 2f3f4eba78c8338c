/** LG-5: the books of all runs, in the words of Jepsen's total-queue; unlike there, what was completed twice violates, and an empty record proves nothing. */
import type { Operation } from "../core/history.ts";
import type { Transition } from "../core/records.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { lostRuns } from "./lost-runs.ts";
import { acknowledgedRuns, claimant, isClaim, isTerminal, textField, trailOf } from "./trail.ts";

/** Operations that are known to make no run: of clients, and of the harness's own followers. */
const makesNone = new Set(["get", "wait", "cancel", "turn", "stream", "subscribe", "events", "makeThread"]);

/**
 * Attempts are creates, each key once; acknowledged are those that were told a run; ok are runs that ended, of whoever's create; recovered are the ones among them
 * whose create nobody was told of. Duplicated are runs that ended more than once, unexpected are runs beyond all creates that may have made one, and those that were made by
 * an instance that executes runs and never answered a client. Lost is decided, and told, by `lostRuns`.
 */
export function runsAccountedFor(options: { readonly boundMs: number }): Checker {
  const lost = lostRuns(options);
  return (evidence) => {
    const trail = trailOf(evidence.transitions);
    const acknowledged = acknowledgedRuns(evidence.operations);
    const creates = evidence.operations.filter(({ f, outcome }) => f === "create" && outcome !== "fail");
    const attempts = new Set(creates.map((create) => create.key || `${create.index}`));
    const found: Counterexample[] = [];
    let [ok, duplicated, recovered] = [0, 0, 0];
    const strangers: Transition[] = [];
    const answering = new Set(evidence.operations.map(({ by }) => by));
    const handlers = new Set(evidence.transitions.flatMap((transition) => (isClaim(transition) ? [claimant(transition)] : [])));
    const made: Transition[] = [];
    for (const [run, transitions] of trail) {
      const ends = transitions.filter((transition) => isTerminal(transition.to));
      const [first] = transitions;
      if (ends.length > 0) ok++;
      if (ends.length > 0 && !acknowledged.has(run)) recovered++;
      // Of the last moments of a record that was cut off, the create may be missing that the trail shows the effect of.
      if (!acknowledged.has(run) && first && first.time <= evidence.endsAt - evidence.deltaMs) strangers.push(first);
      if (first?.from === null && first.by !== "" && handlers.has(first.by) && !answering.has(first.by)) made.push(first);
      const [, again] = ends;
      if (again === undefined) continue;
      duplicated++;
      found.push({
        time: again.time,
        text: `run ${run} ended ${ends.length} times, the second time at ${at(again.time)} (transition ${again.seq}).`,
      });
    }
    const [own] = made;
    if (own)
      found.push({
        time: own.time,
        text: `run ${own.subject} was made at ${at(own.time)} by ${own.by}, which executes runs and answered no client (transition ${own.seq}); nobody had asked for ${made.length === 1 ? "it" : `${made.length} such runs`}.`,
      });
    const beyond = Math.max(0, strangers.length - mayHaveMade(evidence.operations, creates, acknowledged));
    const unexpected = Math.max(beyond, made.length);
    const last = strangers.at(-1);
    if (beyond > 0 && last)
      found.push({
        time: last.time,
        text: `${strangers.length} runs were acknowledged to nobody, ${beyond} more than there were creates of unknown outcome; the last is run ${last.subject}, made at ${at(last.time)} (transition ${last.seq}).`,
      });
    const numbers = { attempt: attempts.size, acknowledged: acknowledged.size, ok, lost: lost(evidence).count, duplicated, unexpected, recovered };
    const told = Object.entries(numbers).map(([name, count]) => `${name} ${count}`);
    const text = { holds: `Runs: ${told.join(", ")}.`, nothing: "The audit trail saw no run." };
    return conclude("every run is accounted for", trail.size, inTime(found), text, numbers);
  };
}

/** How many runs may exist that nobody was told of: creates without an answer, by key, and operations of whose effect nothing is known here. */
function mayHaveMade(operations: readonly Operation[], creates: readonly Operation[], acknowledged: ReadonlyMap<string, Operation>): number {
  const told = new Set([...acknowledged.values()].map(({ key }) => key));
  const silent = creates.filter(({ key, output }) => textField(output, "run") === "" && (key === "" || !told.has(key)));
  const keys = new Set(silent.map(({ key, index }) => key || `${index}`));
  return keys.size + operations.filter(({ f, outcome }) => f !== "create" && !makesNone.has(f) && outcome !== "fail").length;
}

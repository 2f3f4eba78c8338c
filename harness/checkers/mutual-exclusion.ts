/** HS-6: critical sections of one agent never overlap, by the ledger (SEMANTICS, "Locks, leaders, fencing"). */
import type { Operation } from "../core/history.ts";
import { ascending, quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { beatMs, byVictim, type Injection } from "./injections.ts";
import { at, inTime, toleranceMs, withDoubts } from "./judge.ts";
import { overlaps } from "./one-live-attempt.ts";
import { named, type Section, sameReport, sectionsOf } from "./sections.ts";
import { mayHaveStalled, recorderMayHaveStalled } from "./stalls.ts";
import { numberField, textField } from "./trail.ts";

/**
 * Sections of one agent overlap only if the earlier holder was stopped (SIGSTOP) past its lease; a section that begins after another's exit has the
 * larger token, and so has a turn that was asked for after another was answered; no token is given twice.
 */
export const mutualExclusion: Checker = (evidence) => {
  const { all, bySubject, oddities } = sectionsOf(evidence.ledger, "lock");
  const stopped = stoppedPastLease(evidence);
  const found: Counterexample[] = [...oddities];
  const doubtful: Counterexample[] = [];
  const halfLeaseMs = (evidence.constants.lockLeaseMs ?? 0) / 2;
  let excused = 0;
  for (const [agent, sections] of bySubject) {
    const overlap = overlaps(sections, toleranceMs(evidence), (earlier, later) => {
      const older = earlier.token < later.token ? earlier : later;
      // Two sections with one token are told below, as that.
      if (earlier.token === later.token) return null;
      if (stopped(older, sections, later.enteredAt)) {
        excused++;
        return null;
      }
      const ended = earlier.end === "open" ? "never ended" : `ended at ${at(earlier.endAt)}`;
      const text = `critical sections of agent ${agent} overlapped: ${named(later)} entered at ${at(later.enteredAt)} while ${named(earlier)}, which ${ended}, was inside, and ${older.instance} had not been stopped past its lease (ledger ${earlier.enteredSeq}, ${later.enteredSeq}).`;
      const stalled = mayHaveStalled(evidence, older.instance, older.enteredAt - halfLeaseMs, later.enteredAt, halfLeaseMs || beatMs);
      if (!stalled && !recorderMayHaveStalled(evidence, later.enteredAt, Math.min(earlier.endAt, later.endAt) - later.enteredAt)) return text;
      doubtful.push({ time: later.enteredAt, text });
      return null;
    });
    for (const one of overlap.found) found.push(one);
    for (const one of tokensGrow(agent, sections, stopped)) found.push(one);
  }
  const turns = turnsOf(evidence.operations);
  for (const one of turnsGrow(turns, evidence.deltaMs)) found.push(one);
  const text = {
    holds: `None of ${all.length} critical sections of ${bySubject.size} agents overlapped${excused > 0 ? `, but for ${excused} whose holder was stopped past its lease` : ""}, and tokens only grew.`,
    nothing: "The ledger saw no critical section.",
  };
  const numbers = { criticalSections: all.length, agents: bySubject.size, overlapsExcused: excused, ...handOvers(bySubject, turns) };
  return withDoubts(conclude("mutual exclusion", all.length, inTime(found), text, numbers), inTime(doubtful));
};

/**
 * The pause by which the holder of a section lost its lock before `time`, if there is one: it was stopped for so long that its lease ran out, and a
 * larger token entered among `sections` of the same agent then. Leases are renewed before half of them is over, so a stop of half a lease may end
 * one; and a successor that won the lock during the stop may enter a moment after it. Whoever has lost the lock may go on for a while, and enter late.
 */
export function stoppedPastLease(evidence: Evidence): (holder: Section, sections: readonly Section[], time: number) => Injection | undefined {
  const halfLeaseMs = (evidence.constants.lockLeaseMs ?? 0) / 2;
  const pauses = byVictim(evidence.faults, "pause");
  const tolerance = toleranceMs(evidence);
  const delayed = (successor: Section, until: number): boolean =>
    pauses.get(successor.instance)?.some((own) => own.requestedAt <= until && own.healedAt + halfLeaseMs >= successor.enteredAt) === true;
  return (holder, sections, time) =>
    pauses.get(holder.instance)?.find((pause) => {
      // The holder may have been stopped between winning the lock and entering.
      const holding = holder.enteredAt - halfLeaseMs - tolerance <= pause.healedAt && pause.requestedAt <= holder.endAt;
      const stopMs = Math.min(time, pause.healedAt) - pause.requestedAt;
      if (!holding || stopMs + tolerance < halfLeaseMs) return false;
      const until = pause.healedAt + halfLeaseMs + tolerance;
      for (let i = firstEnteredFrom(sections, pause.requestedAt + halfLeaseMs - tolerance); i < sections.length; i++) {
        const successor = sections[i] as Section;
        if (successor.enteredAt > time) return false;
        if (successor.token > holder.token && (successor.enteredAt <= until || delayed(successor, until))) return true;
      }
      return false;
    });
}

/** Index of the first section that was entered at `time` (ms) or later. */
function firstEnteredFrom(sections: readonly Section[], time: number): number {
  let low = 0;
  let high = sections.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sections[middle] as Section).enteredAt < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function tokensGrow(agent: string, sections: readonly Section[], stopped: ReturnType<typeof stoppedPastLease>): Counterexample[] {
  const found: Counterexample[] = [];
  const owners = new Map<number, Section>();
  const ended = sections.filter((section) => section.end === "exit").sort((a, b) => a.endSeq - b.endSeq);
  let next = 0;
  let highest: Section | undefined;
  for (const section of sections) {
    for (let exit = ended[next]; exit !== undefined && exit.endSeq < section.enteredSeq; exit = ended[++next]) {
      if (highest === undefined || exit.token > highest.token) highest = exit;
    }
    const owner = owners.get(section.token);
    if (owner === undefined) owners.set(section.token, section);
    else if (!sameReport(owner, section)) {
      const text = `token ${section.token} of agent ${agent} was used by ${section.instance} after ${owner.instance} had used it (ledger ${owner.enteredSeq}, ${section.enteredSeq}, at ${at(section.enteredAt)}).`;
      found.push({ time: section.enteredAt, text });
    }
    if (highest === undefined || highest.token <= section.token || stopped(section, sections, section.enteredAt)) continue;
    const text = `the token of agent ${agent} went back: ${named(section)} entered after ${named(highest)} had left (ledger ${highest.endSeq}, ${section.enteredSeq}, at ${at(section.enteredAt)}).`;
    found.push({ time: section.enteredAt, text });
  }
  return found;
}

export interface Turn {
  readonly operation: Operation;
  readonly agent: string;
  readonly token: number;
  readonly version: number;
}

/** The turns that were acknowledged, with what they reported. */
export function turnsOf(operations: readonly Operation[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const operation of operations) {
    const token = numberField(operation.output, "token");
    if (operation.f !== "turn" || operation.outcome !== "ok" || Number.isNaN(token)) continue;
    turns.push({ operation, agent: textField(operation.output, "agent") || operation.key, token, version: numberField(operation.output, "version") });
  }
  return turns;
}

export function byAgent(turns: readonly Turn[]): ReadonlyMap<string, readonly Turn[]> {
  const agents = new Map<string, Turn[]>();
  for (const turn of turns) {
    const same = agents.get(turn.agent);
    if (same) same.push(turn);
    else agents.set(turn.agent, [turn]);
  }
  return agents;
}

/** If a turn was answered before another of the same agent was asked for, its token is the smaller one. */
function turnsGrow(turns: readonly Turn[], deltaMs: number): Counterexample[] {
  const found: Counterexample[] = [];
  for (const [agent, same] of byAgent(turns)) {
    const answered = [...same].sort((a, b) => a.operation.completedAt - b.operation.completedAt);
    const asked = [...same].sort((a, b) => a.operation.invokedAt - b.operation.invokedAt);
    let next = 0;
    let highest: Turn | undefined;
    for (const turn of asked) {
      for (let one = answered[next]; one !== undefined && one.operation.completedAt + deltaMs < turn.operation.invokedAt; one = answered[++next]) {
        if (highest === undefined || one.token > highest.token) highest = one;
      }
      if (highest === undefined || highest.token < turn.token) continue;
      const text = `a turn of agent ${agent} got token ${turn.token} although it was asked for at ${at(turn.operation.invokedAt)}, after a turn with token ${highest.token} had been answered (operations ${highest.operation.index}, ${turn.operation.index}).`;
      found.push({ time: turn.operation.completedAt, text });
    }
  }
  return found;
}

/** How long the lock lies idle while somebody waits for it, and how long the longest wait was. */
function handOvers(bySubject: ReadonlyMap<string, readonly Section[]>, turns: readonly Turn[]): Record<string, number> {
  const asked = new Map(turns.map((turn) => [`${turn.agent} ${turn.token}`, turn.operation.invokedAt]));
  const idle: number[] = [];
  const waits: number[] = [];
  for (const [agent, sections] of bySubject) {
    for (const [i, section] of sections.entries()) {
      const invokedAt = asked.get(`${agent} ${section.token}`);
      if (invokedAt === undefined) continue;
      waits.push(section.enteredAt - invokedAt);
      const before = sections[i - 1];
      if (before?.end === "exit" && before.endAt <= section.enteredAt && invokedAt < before.endAt) idle.push(section.enteredAt - before.endAt);
    }
  }
  const sorted = ascending(idle);
  return {
    contendedHandOvers: idle.length,
    ...(idle.length > 0 ? { handOverP50Ms: quantile(sorted, 0.5), handOverMaxMs: quantile(sorted, 1) } : {}),
    ...(waits.length > 0 ? { lockWaitP50Ms: quantile(waits, 0.5), lockWaitMaxMs: quantile(waits, 1) } : {}),
  };
}

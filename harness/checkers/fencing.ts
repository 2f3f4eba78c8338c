/** HA-13, HS-6: a stale holder's write is refused at the resource itself (SEMANTICS, "Locks, leaders, fencing"). */
import type { ResourceWrite } from "../core/records.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, toleranceMs } from "./judge.ts";
import { byAgent, stoppedPastLease, turnsOf } from "./mutual-exclusion.ts";
import { inOrder, named, type Section, sectionsOf } from "./sections.ts";

function bySubject(writes: readonly ResourceWrite[]): ReadonlyMap<string, readonly ResourceWrite[]> {
  const subjects = new Map<string, ResourceWrite[]>();
  for (const write of inOrder(writes)) {
    const same = subjects.get(write.subject);
    if (same) same.push(write);
    else subjects.set(write.subject, [write]);
  }
  return subjects;
}

/** In the order in which the resource accepted them, tokens never decrease and versions grow by one; and every acknowledged turn has its write. */
export const staleWriteRefused: Checker = (evidence) => {
  const found: Counterexample[] = [];
  const subjects = bySubject(evidence.writes);
  for (const [agent, writes] of subjects) {
    let highest = writes[0];
    for (const [i, write] of writes.entries()) {
      const before = writes[i - 1];
      if (highest === undefined || before === undefined) continue;
      const where = `(writes ${before.seq}, ${write.seq}, at ${at(write.time)})`;
      if (write.token < highest.token) {
        const text = `stale token written at the resource: agent ${agent} accepted a write with token ${write.token} by ${write.by || "someone"} after one with token ${highest.token} by ${highest.by || "someone"} (writes ${highest.seq}, ${write.seq}, at ${at(write.time)}).`;
        found.push({ time: write.time, text });
      } else highest = write;
      if (write.version !== before.version + 1)
        found.push({ time: write.time, text: `agent ${agent} went from version ${before.version} to ${write.version} ${where}.` });
    }
  }
  const turns = turnsOf(evidence.operations);
  for (const [agent, own] of subjects.size === 0 ? [] : byAgent(turns)) {
    const written = new Set((subjects.get(agent) ?? []).map((write) => `${write.token} ${write.version}`));
    for (const { operation, token, version } of own) {
      if (written.has(`${token} ${version}`) || operation.completedAt + toleranceMs(evidence) > evidence.endsAt) continue;
      const text = `the turn of agent ${agent} that was acknowledged with token ${token} and version ${version} at ${at(operation.completedAt)} was never written (operation ${operation.index}).`;
      found.push({ time: operation.completedAt, text });
    }
  }
  const examined = evidence.writes.length;
  const text = {
    holds: `${examined} writes to ${subjects.size} agents carried tokens that never decreased, and all ${turns.length} acknowledged turns are among them.`,
    nothing: "No fenced resource was written.",
  };
  return conclude("stale writes are refused", examined, inTime(found), text, {
    writes: examined,
    agents: subjects.size,
    turnsAcknowledged: turns.length,
  });
};

/**
 * At least one stale holder really was provoked: stopped past its lease while a newer holder entered and wrote, and resumed after that. Without
 * one, that no stale write was accepted says nothing. A stale write that was accepted is told here too.
 */
export const pausedHolderRefused: Checker = (evidence) => {
  const { bySubject: agents } = sectionsOf(evidence.ledger, "lock");
  const stopped = stoppedPastLease(evidence);
  const writes = bySubject(evidence.writes);
  const found: Counterexample[] = [];
  let entered = 0;
  let staleHolders = 0;
  for (const [agent, sections] of agents) {
    for (const [i, holder] of sections.entries()) {
      const newer = successor(sections, i);
      const pause = newer && stopped(holder, sections, newer.enteredAt);
      if (newer === undefined || pause === undefined || pause.healedAt === Number.POSITIVE_INFINITY || holder.endAt < pause.healingAt) continue;
      entered++;
      const own = writes.get(agent) ?? [];
      const first = own.find((write) => write.token > holder.token);
      if (first !== undefined && first.time + evidence.deltaMs < pause.healingAt) staleHolders++;
      const stale = own.find((write) => first !== undefined && write.token === holder.token && write.seq > first.seq);
      if (stale === undefined || first === undefined) continue;
      const text = `${named(holder)} of agent ${agent} was stopped from ${at(pause.requestedAt)} to ${at(pause.healingAt)} and its write was accepted at ${at(stale.time)}, after ${first.by || "someone"} had written with token ${first.token} (writes ${first.seq}, ${stale.seq}).`;
      found.push({ time: stale.time, text });
    }
  }
  const text = {
    holds: `${staleHolders} holders were stopped past their lease and resumed after a newer holder had written; none of their writes was accepted.`,
    nothing: `No holder was stopped past its lease and resumed after a newer holder had written (${entered} were resumed after a newer one had entered).`,
  };
  return conclude("a paused holder is refused", staleHolders, inTime(found), text, {
    staleHolders,
    staleHoldersBeforeAWrite: entered - staleHolders,
  });
};

/**
 * At least one holder that had been stopped past its lease woke up between the first step of its successor, which had read by then what it was to change, and that one's write. Only then can what it
 * still writes be written over, or be refused by nothing but its successor's entry; accuses nobody.
 */
export const wokenBeforeAWrite: Checker = (evidence) => {
  const { bySubject: agents } = sectionsOf(evidence.ledger, "lock");
  const stopped = stoppedPastLease(evidence);
  const writes = bySubject(evidence.writes);
  let woken = 0;
  let accepted = 0;
  for (const [agent, sections] of agents) {
    for (const [i, holder] of sections.entries()) {
      const newer = successor(sections, i);
      const readAt = newer?.steps[0]?.time;
      const pause = newer && stopped(holder, sections, newer.enteredAt);
      if (pause === undefined || readAt === undefined || readAt >= pause.healingAt || holder.endAt < pause.healingAt) continue;
      const own = writes.get(agent) ?? [];
      const first = own.find((write) => write.token > holder.token);
      if (first === undefined || first.time - evidence.deltaMs <= pause.healedAt) continue;
      woken++;
      if (own.some((write) => write.token === holder.token && write.time - evidence.deltaMs > readAt && write.seq < first.seq)) accepted++;
    }
  }
  const text = {
    holds: `${woken} holders that had been stopped past their lease woke up between what a newer one had read and its write; ${accepted} of them wrote then.`,
    nothing: "No holder that had been stopped past its lease woke up between what a newer one had read and its write.",
  };
  return conclude("a sleeper woke up before its successor wrote", woken, [], text, { wokenBeforeAWrite: woken, acceptedBeforeAWrite: accepted });
};

/** The first section with a larger token that was entered while the one at `index` was open. */
function successor(sections: readonly Section[], index: number): Section | undefined {
  const holder = sections[index] as Section;
  for (let i = index + 1; i < sections.length && (sections[i] as Section).enteredSeq < holder.endSeq; i++) {
    if ((sections[i] as Section).token > holder.token) return sections[i];
  }
  return undefined;
}

/** No two acknowledged turns of one agent report the same version: one of them would have overwritten the other. */
export const noLostUpdate: Checker = (evidence) => {
  const turns = turnsOf(evidence.operations).filter((turn) => !Number.isNaN(turn.version));
  const found: Counterexample[] = [];
  for (const [agent, own] of byAgent(turns)) {
    const owners = new Map<number, (typeof own)[number]>();
    for (const turn of own) {
      const first = owners.get(turn.version);
      if (first === undefined) owners.set(turn.version, turn);
      else {
        const text = `two turns of agent ${agent} were acknowledged as version ${turn.version} (operations ${first.operation.index}, ${turn.operation.index}, at ${at(turn.operation.completedAt)}).`;
        found.push({ time: turn.operation.completedAt, text });
      }
    }
  }
  const text = { holds: `Each of ${turns.length} acknowledged turns made a version of its own.`, nothing: "No turn was acknowledged." };
  return conclude("no lost update", turns.length, inTime(found), text, { turnsAcknowledged: turns.length });
};

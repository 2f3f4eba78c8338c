/** HA-8, AB-18: what a session may count on (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994). What is recorded is said in `versions.ts`. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, toleranceMs } from "./judge.ts";
import { accesses, sessionOf, type VersionNames, versionOf } from "./versions.ts";

/**
 * A read shows what its session wrote before, or something newer. What another client of the session did counts once no copy may be older: only its own client
 * can tell the target how far it has got.
 */
export function readYourWrites(names: VersionNames): Checker {
  const nothing = "No session read what it had written.";
  return sessionChecker("read your writes", names, (writes) => writes, "written", nothing);
}

/** A read shows what its session read before, or something newer; for another client's reads the same holds as for its writes. */
export function monotonicReads(names: VersionNames): Checker {
  return sessionChecker("monotonic reads", names, (_, reads) => reads, "read", "No session read the same thing twice.");
}

function sessionChecker(
  property: string,
  names: VersionNames,
  earlierOf: (writes: readonly Operation[], reads: readonly Operation[]) => readonly Operation[],
  did: string,
  nothing: string,
): Checker {
  return (evidence) => {
    const copyMs = (evidence.constants.cacheTtlMs ?? 0) + toleranceMs(evidence);
    const found: Counterexample[] = [];
    const sessions = new Set<string>();
    let examined = 0;
    for (const [key, { writes, reads }] of accesses(evidence.operations, names)) {
      const earlier = Map.groupBy(earlierOf(writes, reads), sessionOf);
      for (const [session, ofSession] of Map.groupBy(reads, sessionOf)) {
        const all = earlier.get(session) ?? [];
        const anybodys = newestBefore(all);
        const own = new Map([...Map.groupBy(all, ({ process }) => process)].map(([process, its]) => [process, newestBefore(its)]));
        for (const read of ofSession) {
          const before = newer(own.get(read.process)?.(read.invokedAt), anybodys(read.invokedAt - copyMs));
          if (before === undefined) continue;
          examined++;
          sessions.add(session);
          if (versionOf(read) >= versionOf(before)) continue;
          const text = `session ${session} read version ${versionOf(read)} of ${key} at ${at(read.invokedAt)}, after it had ${did} version ${versionOf(before)} (operations ${before.index}, ${read.index}).`;
          found.push({ time: read.completedAt, text });
        }
      }
    }
    const holds = `${examined} reads of ${sessions.size} sessions showed what the session had ${did}, or something newer.`;
    return conclude(property, examined, inTime(found), { holds, nothing }, { reads: examined, sessions: sessions.size });
  };
}

function newer(one: Operation | undefined, other: Operation | undefined): Operation | undefined {
  return one === undefined || (other !== undefined && versionOf(other) > versionOf(one)) ? other : one;
}

/** The operation with the highest version among those completed by a time. One session has one clock, and does one thing after the other. */
function newestBefore(operations: readonly Operation[]): (time: number) => Operation | undefined {
  const order = [...operations].sort((a, b) => a.completedAt - b.completedAt);
  const newest: Operation[] = [];
  for (const operation of order) {
    const before = newest[newest.length - 1];
    newest.push(before && versionOf(before) >= versionOf(operation) ? before : operation);
  }
  return (time) => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((order[middle] as Operation).completedAt < time) low = middle + 1;
      else high = middle;
    }
    return newest[low - 1];
  };
}

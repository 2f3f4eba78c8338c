/** What one client of a lock must have held, and what it is enough that it held: `holds.ts` says why. */
import type { Operation } from "../../core/history.ts";
import { clientOf } from "./client.ts";
import { invocation, orderOf, timesOf } from "./order.ts";

export interface Hold {
  readonly from: number;
  readonly until: number;
  readonly acquire: Operation;
  /** Absent: held for ever. */
  readonly release: Operation | undefined;
}

/**
 * Holds as columns, of which a long history has many. Whoever goes through all of them counts instead of iterating: an iterator that is not compiled
 * yet makes an object for each step, which was most of the memory that judging a lock took.
 */
export function holdList(capacity: number) {
  const from = new Float64Array(capacity);
  const until = new Float64Array(capacity);
  const acquires = new Array<Operation>(capacity);
  const releases = new Array<Operation | undefined>(capacity);
  let count = 0;
  const add = (hold: Hold): void => {
    from[count] = hold.from;
    until[count] = hold.until;
    acquires[count] = hold.acquire;
    releases[count++] = hold.release;
  };
  return {
    add,
    count: (): number => count,
    from: (i: number): number => from[i] as number,
    until: (i: number): number => until[i] as number,
    acquire: (i: number): Operation => acquires[i] as Operation,
    client: (i: number): string => clientOf(acquires[i] as Operation),
    at: (i: number): Hold => ({ from: from[i] as number, until: until[i] as number, acquire: acquires[i] as Operation, release: releases[i] }),
    /** A list of its own, with the same holds so far. */
    copy() {
      const other = holdList(capacity);
      for (let i = 0; i < count; i++) other.add(this.at(i));
      return other;
    },
    /** By `from`, and those that begin together by a comparison. */
    ordered(compare: (a: number, b: number) => number): Int32Array {
      const order = orderOf(from.subarray(0, count));
      for (let first = 0, next = 1; next <= count; next++) {
        if (next < count && from[order[next] as number] === from[order[first] as number]) continue;
        if (next > first + 1) order.subarray(first, next).sort(compare);
        first = next;
      }
      return order;
    },
  };
}
export type Holds = ReturnType<typeof holdList>;

/**
 * What clients that acquire and release in turn, wait for every answer and get it must have held, which is also enough: they leave no choice.
 *
 * @param add told of each of their holds
 * @returns the other clients
 */
export function holdsInTurn(operations: readonly Operation[], add: (hold: Hold) => void): ReadonlySet<string> {
  const order = orderOf(timesOf(operations, invocation));
  const others = new Set<string>();
  const lasts = new Map<string, Operation>();
  for (let place = 0; place < order.length; place++) {
    const call = operations[order[place] as number] as Operation;
    const client = clientOf(call);
    const last = lasts.get(client);
    const inTurn = call.outcome === "ok" && (call.f === "acquire") !== (last?.f === "acquire");
    if (!inTurn || (last !== undefined && call.invokedAt <= last.completedAt)) others.add(client);
    lasts.set(client, call);
  }
  lasts.clear();
  for (let place = 0; place < order.length; place++) {
    const call = operations[order[place] as number] as Operation;
    const client = clientOf(call);
    if (others.has(client)) continue;
    const last = lasts.get(client);
    if (call.f === "release" && last !== undefined) add(holdOf(last, last.completedAt, call));
    lasts.set(client, call);
  }
  for (const last of lasts.values()) if (last.f === "acquire") add(holdOf(last, last.completedAt, undefined));
  return others;
}

/** A client's calls: what was answered in the order in which it had to act, what was not in the order in which it could. */
export function callsOf(operations: readonly Operation[]) {
  const acquires: Operation[] = [];
  const releases: Operation[] = [];
  const unknownAcquires: Operation[] = [];
  const unknownReleases: Operation[] = [];
  for (const operation of operations) {
    if (operation.outcome === "ok") (operation.f === "acquire" ? acquires : releases).push(operation);
    else (operation.f === "acquire" ? unknownAcquires : unknownReleases).push(operation);
  }
  acquires.sort(byReturn);
  for (const one of [releases, unknownAcquires, unknownReleases]) one.sort(byInvocation);
  return { acquires, releases, unknownAcquires, unknownReleases };
}
export type Calls = ReturnType<typeof callsOf>;

export const byReturn = (a: Operation, b: Operation): number => a.completedAt - b.completedAt;
export const byInvocation = (a: Operation, b: Operation): number => a.invokedAt - b.invokedAt;

/** What a client held in every order. */
export function leastHolds({ acquires, releases, unknownReleases }: Calls): Hold[] {
  const possible = unknownReleases.length === 0 ? releases : [...releases, ...unknownReleases].sort(byInvocation);
  return acquires
    .map((acquire, k) => holdOf(acquire, acquire.completedAt, possible[k]))
    .filter(({ acquire, release }) => release === undefined || acquire.completedAt <= release.invokedAt);
}

/**
 * The same of a client that waits for every answer and can hold one permit: an acquire lasts until the answered release that comes next, or a
 * release of unknown outcome, of which each earlier acquire that was followed by another used up one. The latter parts a hold only if an acquire of
 * unknown outcome is left as well. Undefined: the client does not wait.
 */
export function leastInTurn({ acquires, releases, unknownAcquires, unknownReleases }: Calls): Hold[] | undefined {
  const found: Hold[] = [];
  const calls = [...acquires, ...releases].sort(byInvocation);
  let usedAcquires = calls[0]?.f === "release" ? 1 : 0;
  let usedReleases = 0;
  for (const [i, call] of calls.entries()) {
    const next = calls[i + 1];
    if (next !== undefined && next.invokedAt <= call.completedAt) return undefined;
    if (call.f === "release") {
      if (next?.f === "release") usedAcquires++;
      continue;
    }
    const unknown = unknownReleases[usedReleases];
    const parting = unknownAcquires[usedAcquires];
    const isParted = unknown !== undefined && parting !== undefined && parting.invokedAt <= (next?.completedAt ?? Number.POSITIVE_INFINITY);
    const certain = next?.f === "release" ? next : undefined;
    const until = certain !== undefined && (!isParted || certain.invokedAt <= unknown.invokedAt) ? certain : unknown;
    if (until === undefined || call.completedAt <= until.invokedAt) found.push(holdOf(call, call.completedAt, until));
    if (next?.f === "acquire") usedReleases++;
  }
  return found;
}

/**
 * What it is enough that the client held, if nobody else objects; undefined: it may take other moments than these.
 *
 * @param most it may hold at once: what is no more than one is tried first, as most clients release before they acquire again
 */
export function enoughHolds({ acquires, releases, unknownAcquires, unknownReleases }: Calls, most: number): Hold[] | undefined {
  const found: Hold[] = [];
  const open: Operation[] = [];
  let unknownAcquire = 0;
  let unknownRelease = 0;
  let releaseWithin = 0;
  let acquireWithin = 0;
  /** Whether a release of unknown outcome and then such an acquire were invoked within the hold: it may have been two. */
  const mayBeTwo = ({ completedAt: from }: Operation, { invokedAt: until }: Operation): boolean => {
    while ((unknownReleases[releaseWithin]?.invokedAt ?? until) < from) releaseWithin++;
    const left = unknownReleases[releaseWithin]?.invokedAt ?? Number.POSITIVE_INFINITY;
    while ((unknownAcquires[acquireWithin]?.invokedAt ?? left) < left) acquireWithin++;
    return (
      unknownRelease <= releaseWithin &&
      unknownAcquire <= acquireWithin &&
      (unknownAcquires[acquireWithin]?.invokedAt ?? Number.POSITIVE_INFINITY) <= until
    );
  };
  const close = (release: Operation | undefined): Hold => {
    const acquire = open.shift() as Operation;
    const hold = holdOf(acquire, acquire.completedAt, release);
    found.push(hold);
    return hold;
  };
  for (let i = 0, k = 0; i < acquires.length || k < releases.length; ) {
    const [acquire, release] = [acquires[i], releases[k]];
    const ahead = (acquire?.completedAt ?? Number.POSITIVE_INFINITY) - (release?.invokedAt ?? Number.POSITIVE_INFINITY);
    if (acquire !== undefined && (ahead < 0 || (ahead === 0 && open.length === 0))) {
      if (open.length === most) {
        const between = unknownReleases[unknownRelease++];
        if (between === undefined || close(between).until > acquire.completedAt) return undefined;
      }
      open.push(acquire);
      i++;
    } else if (release !== undefined) {
      const [holder] = open;
      if (holder !== undefined && mayBeTwo(holder, release)) close(unknownReleases[unknownRelease++]);
      if (open.length === 0) {
        const before = unknownAcquires[unknownAcquire++];
        if (before === undefined || before.invokedAt > release.completedAt) return undefined;
        found.push(holdOf(before, Math.max(before.invokedAt, release.invokedAt), release));
      } else close(release);
      k++;
    }
  }
  while (open.length > 0) close(unknownReleases[unknownRelease++]);
  return found;
}

function holdOf(acquire: Operation, from: number, release: Operation | undefined): Hold {
  return { from, until: Math.max(from, release?.invokedAt ?? Number.POSITIVE_INFINITY), acquire, release };
}

/** Whether the k-th acquire that was answered is the client's k-th in every order. */
export function acquiresInOrder({ acquires, unknownAcquires }: Calls): boolean {
  const last = acquires.at(-1)?.completedAt ?? Number.NEGATIVE_INFINITY;
  return (
    unknownAcquires.every(({ invokedAt }) => invokedAt > last) &&
    acquires.every(({ completedAt }, k) => !((acquires[k + 1]?.invokedAt ?? Number.POSITIVE_INFINITY) <= completedAt))
  );
}

/**
 * Locks that know their holders, without a search: what each client must have held, and what it need not have held for longer.
 *
 * Necessary. Of one client let A(k) be the time by which k of its answered acquires have returned, and R(k) the time from which on k of its releases
 * had been invoked, of all that may have happened. In every order its k-th acquire comes by A(k), since k have happened then; its k-th release comes
 * at R(k) or later, since fewer can have happened before; and from the one to the other it holds a permit more than without them, whichever
 * operations they are. So [A(k), R(k)] is held in every order, if A(k) <= R(k): where these holds are too many at one moment, no order exists.
 *
 * Sufficient. Let every answered acquire act when it returns, and every answered release when it is invoked. If no client then releases what it does
 * not hold, and the holds are not too many, that is an order. A release of unknown outcome acts where its client needs it, between two acquires, at
 * the end, or where its client went on to acquire; an acquire of unknown outcome only just before a release that needs one. They can act at any time once invoked, so the one invoked
 * first is taken first.
 *
 * Of clients that wait for every answer, and do nothing after an unknown one, both kinds of holds are the same: one of the two decides. Otherwise, and
 * where calls of one client touch in time so that either may be first, both may fail, and the search decides.
 *
 * Tokens. Of two holds of a lock with one permit the earlier one comes first in every order, unless all their four times are equal. So tokens must
 * rise along the necessary holds, of clients whose acquires can have come in one order only; and it is enough that they rise along the sufficient.
 */
import type { Operation } from "../../core/history.ts";
import { clientOf } from "./client.ts";
import {
  acquiresInOrder,
  byInvocation,
  byReturn,
  type Calls,
  callsOf,
  enoughHolds,
  type Hold,
  type Holds,
  holdList,
  holdsInTurn,
  leastHolds,
  leastInTurn,
} from "./client-holds.ts";
import type { Decision } from "./judge.ts";
import { contradicted } from "./levels.ts";
import { told } from "./specification.ts";

/** What may be held at once. */
export interface Lock {
  readonly permits: number;
  /** All that one client holds counts as one permit. */
  readonly reentrant?: boolean;
  /** What an acquire was given that rises from one to the next; undefined: nothing. */
  tokenOf?(operation: Operation): number | undefined;
}

const algorithm = "holds of each client";

/** @param operations acquires and releases of a lock that is free at first */
export function holds(operations: readonly Operation[], lock: Lock): Decision | undefined {
  const necessary = holdList(operations.reduce((count, { f }) => (f === "acquire" ? count + 1 : count), 0));
  const others = holdsInTurn(operations, necessary.add);
  // The same list where no client leaves a choice; undefined: these moments need not be enough.
  let sufficient: Holds | undefined = others.size === 0 ? necessary : necessary.copy();
  const unordered = new Set<string>();
  const left = others.size === 0 ? [] : operations.filter((operation) => others.has(clientOf(operation)));
  for (const [client, own] of Map.groupBy(left, clientOf)) {
    const calls = callsOf(own);
    const early = releasedTooOften(client, calls);
    if (early !== undefined) return early;
    const onlyOne = lock.permits === 1 && !lock.reentrant;
    for (const hold of (onlyOne ? leastInTurn(calls) : undefined) ?? leastHolds(calls)) necessary.add(hold);
    const most = lock.reentrant ? Number.POSITIVE_INFINITY : lock.permits;
    const enough = sufficient && (enoughHolds(calls, 1) ?? enoughHolds(calls, most));
    if (enough === undefined) sufficient = undefined;
    else for (const hold of enough) sufficient?.add(hold);
    if (!acquiresInOrder(calls)) unordered.add(client);
  }
  const order = inTime(necessary, lock);
  const crowd = crowded(necessary, order, lock);
  if (crowd !== undefined) return tooMany(crowd, lock.permits);
  const fallen = fall(necessary, order, lock, unordered);
  if (fallen !== undefined && fallen[0].from < fallen[1].until) return notRising(...fallen);
  if (sufficient === necessary) return fallen === undefined ? { algorithm } : undefined;
  if (sufficient === undefined) return undefined;
  const other = inTime(sufficient, lock);
  return crowded(sufficient, other, lock) === undefined && fall(sufficient, other, lock) === undefined ? { algorithm } : undefined;
}

/** By time, so those that last no time come before those that begin then; by token where only that can tell. */
function inTime(list: Holds, { tokenOf }: Lock): Int32Array {
  const token = (i: number): number => tokenOf?.(list.acquire(i)) ?? 0;
  return list.ordered((a, b) => (list.until(a) === list.until(b) ? token(a) - token(b) : list.until(a) - list.until(b)));
}

/** By the return of the k-th release fewer than k acquires were invoked. */
function releasedTooOften(client: string, { acquires, releases, unknownAcquires }: Calls): Decision | undefined {
  const possible = [...acquires, ...unknownAcquires].sort(byInvocation);
  for (const [k, release] of [...releases].sort(byReturn).entries()) {
    const acquire = possible[k];
    if (acquire !== undefined && acquire.invokedAt <= release.completedAt) continue;
    const text = `by the return of ${told(release)} ${client} had released it ${times(k + 1)}, and could have acquired it only ${times(k)}`;
    if (acquire === undefined) return contradicted(algorithm, `${text}.`, release);
    return contradicted(algorithm, `${text}: ${told(acquire)} came later.`, release, acquire);
  }
  return undefined;
}

/** Holds that overlap and are more than the permits. */
function crowded(list: Holds, order: Int32Array, { permits, reentrant }: Lock): readonly Hold[] | undefined {
  const held: number[] = [];
  let count = 0;
  for (let place = 0; place < order.length; place++) {
    const i = order[place] as number;
    const from = list.from(i);
    let left = 0;
    for (let k = 0; k < count; k++) if (list.until(held[k] as number) > from) held[left++] = held[k] as number;
    count = left;
    const first = held[0] as number;
    if (reentrant && count > 0 && list.client(first) === list.client(i)) {
      if (list.until(i) > list.until(first)) held[0] = i;
      continue;
    }
    held[count++] = i;
    if (count > permits) return held.slice(0, count).map(list.at);
  }
  return undefined;
}

/** The first two with tokens of which the later one is not greater, but for clients whose acquires may have come in another order. */
function fall(list: Holds, order: Int32Array, { tokenOf }: Lock, unordered: ReadonlySet<string> = new Set()): readonly [Hold, Hold] | undefined {
  if (tokenOf === undefined) return undefined;
  let last: { readonly i: number; readonly token: number } | undefined;
  for (const i of order) {
    const token = unordered.has(list.client(i)) ? undefined : tokenOf(list.acquire(i));
    if (token === undefined) continue;
    if (last !== undefined && token <= last.token) return [list.at(last.i), list.at(i)];
    last = { i, token };
  }
  return undefined;
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
const telling = ({ acquire, release }: Hold): readonly Operation[] => (release === undefined ? [acquire] : [acquire, release]);

function tooMany(crowd: readonly Hold[], permits: number): Decision {
  const shown = crowd.map(({ acquire, release }) => {
    const until = release === undefined ? "and did not release it afterwards" : `to the invocation of ${told(release)}`;
    return `${clientOf(acquire)} held it from the return of ${told(acquire)} ${until}`;
  });
  const text = `it was held ${times(crowd.length)} at one moment, of ${permits} allowed: ${shown.join("; ")}.`;
  return contradicted(algorithm, text, ...crowd.flatMap(telling));
}

function notRising(first: Hold, second: Hold): Decision {
  const [one, other] = [told(first.acquire), told(second.acquire)];
  const release = first.release;
  const text = `the token of ${other} is not greater than that of ${one}, which came before it`;
  if (release === undefined) return contradicted(algorithm, `${text}.`, second.acquire, first.acquire);
  return contradicted(algorithm, `${text}: it was held until ${told(release)} was invoked.`, second.acquire, first.acquire, release);
}

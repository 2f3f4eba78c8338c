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
  leastHolds,
  leastInTurn,
  onlyHolds,
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
  const necessary: Hold[] = [];
  // The same list as long as no client leaves a choice; undefined: these moments need not be enough.
  let sufficient: Hold[] | undefined = necessary;
  const inOrder = new Set<string>();
  for (const [client, own] of Map.groupBy(operations, clientOf)) {
    const only = onlyHolds(client, own.sort(byInvocation));
    if (only !== undefined) {
      inOrder.add(client);
      for (const hold of only) necessary.push(hold);
      if (sufficient !== undefined && sufficient !== necessary) for (const hold of only) sufficient.push(hold);
      continue;
    }
    const calls = callsOf(own);
    const early = releasedTooOften(client, calls);
    if (early !== undefined) return early;
    if (sufficient === necessary) sufficient = [...necessary];
    const onlyOne = lock.permits === 1 && !lock.reentrant;
    for (const hold of (onlyOne ? leastInTurn(client, calls) : undefined) ?? leastHolds(client, calls)) necessary.push(hold);
    const most = lock.reentrant ? Number.POSITIVE_INFINITY : lock.permits;
    const enough = sufficient && (enoughHolds(client, calls, 1) ?? enoughHolds(client, calls, most));
    if (enough === undefined) sufficient = undefined;
    else for (const hold of enough) sufficient?.push(hold);
    if (acquiresInOrder(calls)) inOrder.add(client);
  }
  const { tokenOf } = lock;
  const tokenOfHold = (hold: Hold): number | undefined => tokenOf?.(hold.acquire);
  const byTime = (a: Hold, b: Hold): number =>
    a.from - b.from || (a.until === b.until ? (tokenOfHold(a) ?? 0) - (tokenOfHold(b) ?? 0) : a.until - b.until);
  const crowd = crowded(necessary.sort(byTime), lock);
  if (crowd !== undefined) return tooMany(crowd, lock.permits);
  const fallen = fall(
    necessary.filter(({ client }) => inOrder.has(client)),
    tokenOfHold,
  );
  if (fallen !== undefined && fallen[0].from < fallen[1].until) return notRising(...fallen);
  if (sufficient === undefined || (sufficient !== necessary && crowded(sufficient.sort(byTime), lock) !== undefined)) return undefined;
  return fall(sufficient, tokenOfHold) === undefined ? { algorithm } : undefined;
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

/** Holds that overlap and are more than the permits: by time, so those that last no time come before those that begin then. */
function crowded(byTime: readonly Hold[], { permits, reentrant }: Lock): readonly Hold[] | undefined {
  const held: Hold[] = [];
  for (const hold of byTime) {
    let left = 0;
    for (const other of held) if (other.until > hold.from) held[left++] = other;
    held.length = left;
    if (reentrant && held[0]?.client === hold.client) {
      if (hold.until > held[0].until) held[0] = hold;
      continue;
    }
    held.push(hold);
    if (held.length > permits) return held;
  }
  return undefined;
}

/** The first two with tokens of which the later one is not greater. */
function fall(byTime: readonly Hold[], tokenOf: (hold: Hold) => number | undefined): readonly [Hold, Hold] | undefined {
  let last: { readonly hold: Hold; readonly token: number } | undefined;
  for (const hold of byTime) {
    const token = tokenOf(hold);
    if (token === undefined) continue;
    if (last !== undefined && token <= last.token) return [last.hold, hold];
    last = { hold, token };
  }
  return undefined;
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
const telling = ({ acquire, release }: Hold): readonly Operation[] => (release === undefined ? [acquire] : [acquire, release]);

function tooMany(crowd: readonly Hold[], permits: number): Decision {
  const shown = crowd.map(({ client, acquire, release }) => {
    const until = release === undefined ? "and did not release it afterwards" : `to the invocation of ${told(release)}`;
    return `${client} held it from the return of ${told(acquire)} ${until}`;
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

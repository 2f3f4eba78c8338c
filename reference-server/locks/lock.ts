/**
 * One holder per agent at a time. The lease keeps others out while the holder is healthy; what protects the agent from a holder that slept
 * through its lease is the token, which the agent's own row checks with every write. Tokens come from a sequence of Postgres whatever the
 * strategy: they outlive the lock's record, a flush or eviction in Redis, and the process.
 */
import { monotonicMs, sleep } from "../clock.ts";

/** The holder stops this long before its lease ends at the record (ms). */
const marginMs = 500;

/** The lock can no longer be counted on: its holder must stop. */
export class LockLost extends Error {}

/** The lock could be neither had nor refused, because its record cannot be reached. */
export class LockUnavailable extends Error {}

export interface AgentLock extends AsyncDisposable {
  /** Fencing token: larger than that of everybody who held the lock before. */
  readonly token: number;
  /** Fires with LockLost when the lease could not be renewed in time, was revoked or was taken. */
  readonly signal: AbortSignal;
}

export interface AcquireRequest {
  readonly agentId: string;
  /** How long to wait while others hold the lock (ms). */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

export interface AgentLocks {
  /**
   * Takes the agent's lock; undefined if others held it all the time. Disposing it releases it. Throws Unavailable without the database,
   * LockUnavailable without the lock's record, or the signal's reason.
   */
  acquire(request: AcquireRequest): Promise<AgentLock | undefined>;
  /** Removes the agent's lock. `free`: nobody has it now. `revoked`: its holder cannot renew it and leaves within the lease. */
  clear(agentId: string): Promise<"free" | "revoked">;
}

/** What a strategy obtained, and when it had asked for it (monotonic ms): the lease is counted from there. */
export interface Obtained {
  readonly token: number;
  readonly sentAtMs: number;
}

/** Asks until the lock is had or the time is over. */
export async function obtain<T>({ waitMs, signal }: AcquireRequest, take: () => Promise<T | undefined>): Promise<T | undefined> {
  const untilMs = monotonicMs() + waitMs;
  for (;;) {
    signal.throwIfAborted();
    const taken = await take();
    if (taken) return taken;
    const pauseMs = 20 + Math.random() * 40;
    if (monotonicMs() + pauseMs > untilMs) return undefined;
    await sleep(pauseMs, signal);
  }
}

/** Whether a lease asked for at `sentAtMs` still has time in it. */
export function isFresh(sentAtMs: number, leaseMs: number): boolean {
  return monotonicMs() < sentAtMs + leaseMs - marginMs;
}

interface Lease extends Obtained {
  readonly agentId: string;
  readonly leaseMs: number;
  /** Extends the record's lease; false when it is not ours any more. May throw: the next renewal may come through. */
  renew(): Promise<boolean>;
  /** Frees the record if it is still ours. Without its store the lease ends by itself. */
  release(): Promise<unknown>;
}

/** Keeps a lease alive until it is disposed of or lost. */
export function holdLease({ agentId, token, sentAtMs, leaseMs, renew, release }: Lease): AgentLock {
  const lost = new AbortController();
  const lose = (why: string): void => lost.abort(new LockLost(`The lock of agent ${agentId} was lost: ${why}.`));
  let untilMs = 0;
  let expiry: NodeJS.Timeout | undefined;
  const holdFrom = (askedAtMs: number): void => {
    untilMs = askedAtMs + leaseMs - marginMs;
    clearTimeout(expiry);
    expiry = setTimeout(lose, Math.max(0, untilMs - monotonicMs()), "it could not be renewed in time");
  };
  holdFrom(sentAtMs);
  let released = false;
  const renewNow = async (): Promise<void> => {
    const askedAtMs = monotonicMs();
    // A process that was stopped must not renew what it had already lost.
    if (lost.signal.aborted || askedAtMs > untilMs) return;
    try {
      const renewed = await renew();
      if (released) return;
      if (!renewed) lose("somebody else has it, or it was revoked");
      else if (monotonicMs() <= untilMs) holdFrom(askedAtMs);
    } catch {
      // The next renewal may come through; if none does, the lease ends.
    }
  };
  const renewals = setInterval(() => void renewNow(), leaseMs / 3);
  return {
    token,
    signal: lost.signal,
    async [Symbol.asyncDispose]() {
      released = true;
      clearInterval(renewals);
      clearTimeout(expiry);
      await release().catch(() => {});
    },
  };
}

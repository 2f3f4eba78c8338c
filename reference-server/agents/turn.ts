/** One turn of an agent: a critical section under its lock. */
import { orAborted, sleep } from "../clock.ts";
import { openEffects } from "../effects/effects.ts";
import { acquireAgentLock, LockLost } from "../locks/agent-lock.ts";
import type { Database } from "../store/postgres.ts";
import { enterAgent, writeAgent } from "./agent.ts";

export interface TurnContext {
  readonly db: Database;
  readonly effects: { readonly host: string; readonly port: number } | undefined;
  readonly lockLeaseMs: number;
  readonly lockWaitMs: number;
  /** Fires when the instance must end now. */
  readonly stop: AbortSignal;
}

export interface TurnRequest {
  readonly agentId: string;
  readonly message: string;
  readonly thinkMs: number;
}

/** `lost`: nothing was written, because the lock was lost first. `busy`: the lock could not be had in time. */
export type TurnResult =
  | { readonly outcome: "done"; readonly token: number; readonly version: number }
  | { readonly outcome: "lost" }
  | { readonly outcome: "busy" };

/** Takes the lock, reads, thinks, writes, releases. Throws Unavailable, EffectsUnavailable or the stop signal's reason. */
export async function takeTurn(context: TurnContext, { agentId, message, thinkMs }: TurnRequest): Promise<TurnResult> {
  const { db, lockLeaseMs: leaseMs, lockWaitMs: waitMs, stop } = context;
  await using lock = await acquireAgentLock(db, { agentId, leaseMs, waitMs, signal: stop });
  if (!lock) return { outcome: "busy" };
  const { token } = lock;
  const signal = AbortSignal.any([lock.signal, stop]);
  try {
    // Disposed before the lock: the work is left, and that is acknowledged, before anybody else may enter.
    await using effects = await openEffects(context.effects, { scope: "lock", subject: agentId, token });
    signal.addEventListener("abort", () => void effects.leave(), { once: true });
    await orAborted(effects.enter(), signal);
    const read = await orAborted(enterAgent(db, agentId, token), signal);
    if (read === undefined) return { outcome: "lost" };
    await sleep(thinkMs, signal);
    // No look at the lease here: it could end between the look and the write. The agent's row decides.
    const version = await writeAgent(db, agentId, token, message);
    return version === undefined ? { outcome: "lost" } : { outcome: "done", token, version };
  } catch (error) {
    if (error instanceof LockLost) return { outcome: "lost" };
    throw error;
  }
}

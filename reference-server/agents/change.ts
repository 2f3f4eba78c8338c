/** One change of an agent: a critical section under its lock. State, memory and tools all change through here. */
import { orAborted } from "../clock.ts";
import type { EffectService, Effects } from "../effects/effects.ts";
import { type AgentLocks, LockLost } from "../locks/lock.ts";
import type { Database } from "../store/postgres.ts";
import { type Agent, type Change, enterAgent, writeAgent } from "./agent.ts";

export interface ChangeContext {
  readonly db: Database;
  readonly locks: AgentLocks;
  readonly effects: EffectService;
  readonly lockWaitMs: number;
  /** Fires when the instance must end now. */
  readonly stop: AbortSignal;
  /** Called at the beginning, awaited before the write; what it resolves to hears of the change after it is committed. Never rejects. */
  beginChange(): Promise<(agent: Agent) => void>;
}

/** `lost`: nothing was written, because the lock was lost first. `busy`: the lock could not be had in time. */
export type ChangeResult =
  | { readonly outcome: "done"; readonly token: number; readonly agent: Agent }
  | { readonly outcome: "lost" }
  | { readonly outcome: "busy" };

/** What is to be changed, decided from the agent as it stays until the change is made. The signal fires when the lock is lost. */
export type Decide = (agent: Agent, section: { readonly signal: AbortSignal; readonly effects: Effects }) => Promise<Change> | Change;

/**
 * Takes the lock, reads, decides, writes, releases. Throws what `decide` throws, Unavailable, LockUnavailable, EffectsUnavailable or the
 * stop signal's reason.
 */
export async function changeAgent(context: ChangeContext, agentId: string, decide: Decide): Promise<ChangeResult> {
  const { db, locks, lockWaitMs: waitMs, stop } = context;
  await using lock = await locks.acquire({ agentId, waitMs, signal: stop });
  if (!lock) return { outcome: "busy" };
  const { token } = lock;
  const signal = AbortSignal.any([lock.signal, stop]);
  const beginning = context.beginChange();
  try {
    // Disposed before the lock: the work is left, and that is acknowledged, before anybody else may enter.
    await using effects = await context.effects.begin({ scope: "lock", subject: agentId, token });
    signal.addEventListener("abort", () => void effects.leave(), { once: true });
    await orAborted(effects.enter(), signal);
    const read = await orAborted(enterAgent(db, agentId, token), signal);
    if (!read) return { outcome: "lost" };
    const change = await decide(read, { signal, effects });
    const onChange = await beginning;
    // No look at the lease here: it could end between the look and the write. The agent's row decides.
    const version = await writeAgent(db, agentId, token, change);
    if (version === undefined) return { outcome: "lost" };
    const agent = { id: agentId, version, blocks: change.blocks ?? read.blocks, state: change.state ?? read.state };
    onChange(agent);
    return { outcome: "done", token, agent };
  } catch (error) {
    if (error instanceof LockLost) return { outcome: "lost" };
    throw error;
  }
}

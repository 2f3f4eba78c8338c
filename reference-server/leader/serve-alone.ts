/** Active-passive: of the instances of one role only the leader serves, and no leader of the past can write (HA-1, HA-13). */
import type pg from "pg";
import type { Role } from "../config.ts";
import type { Database } from "../store/postgres.ts";
import { assertLeads, fenceFormerLeaders } from "./fence.ts";
import { campaign, type Term } from "./term.ts";

const admitTimeoutMs = 1000;

export interface Seat {
  /** The role's. */
  readonly name: string;
  /** For the pool: refuses new sessions once another instance leads. */
  readonly admit: (client: pg.ClientBase) => Promise<void>;
  /** Waits until this instance is the active one and every session of the ones before is gone. Rejects with the signal's reason. */
  take(db: Database, signal: AbortSignal): Promise<Term>;
}

/** The one seat of the role: its lease lasts `leaderLeaseMs` and is renewed while it is held (HA-1). */
export function seatOf({ role, instanceId, leaderLeaseMs: leaseMs }: { role: Role; instanceId: string; leaderLeaseMs: number }): Seat {
  const name = `active ${role}`;
  // It stays when leadership is lost: what is still in progress was begun under it.
  let token: number | undefined;
  return {
    name,
    async admit(client) {
      if (token !== undefined) await assertLeads(client, name, token, admitTimeoutMs);
    },
    async take(db, signal) {
      const term = await campaign(db, { name, instanceId, leaseMs }, signal);
      token = term.token;
      await fenceFormerLeaders(db, name, token);
      term.lost.throwIfAborted();
      return term;
    },
  };
}

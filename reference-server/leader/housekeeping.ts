/**
 * What one instance does for all, from time to time. The sweeper is not among it: giving back the runs of the dead must not wait for a leader to be
 * replaced, so every queue instance sweeps and the guarded requeue lets one of them win.
 */
import { once } from "node:events";
import type { Logger } from "pino";
import { settledWithin } from "../clock.ts";
import type { Database } from "../store/postgres.ts";
import { campaign } from "./term.ts";

export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  /** Idempotent, so that a leader that slept through its lease does no harm. Rejecting leaves it to the next time. */
  run(): Promise<void>;
}

interface HousekeepingContext {
  readonly db: Database;
  readonly instanceId: string;
  readonly leaseMs: number;
  readonly chores: readonly Chore[];
  readonly log: Logger;
  /** Told whenever this instance begins or ends to lead. */
  readonly onLead: (leads: boolean) => void;
}

/** Campaigns and does the chores while leading, until disposed; disposing gives leadership up at once. */
export function startHousekeeping({ db, instanceId, leaseMs, chores, log, onLead }: HousekeepingContext): AsyncDisposable {
  const stopped = new AbortController();
  const lead = async (): Promise<void> => {
    await using term = await campaign(db, { name: "housekeeping", instanceId, leaseMs }, stopped.signal);
    const over = AbortSignal.any([term.lost, stopped.signal]);
    log.info({ token: term.token }, "leads housekeeping");
    onLead(true);
    const busy = new Set<string>();
    const timers = chores.map(({ name, everyMs, run }) =>
      setInterval(() => {
        // With a slow database a chore may take longer than its interval: it is not begun a second time beside itself.
        if (over.aborted || busy.has(name)) return;
        busy.add(name);
        run()
          .catch((error) => log.info({ chore: name, reason: String(error) }, "chore left for the next time"))
          .finally(() => busy.delete(name));
      }, everyMs),
    );
    if (!over.aborted) await once(over, "abort");
    timers.forEach(clearInterval);
    onLead(false);
  };
  const leading = (async () => {
    while (!stopped.signal.aborted) await lead().catch(() => {});
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await settledWithin(leading, leaseMs);
    },
  };
}

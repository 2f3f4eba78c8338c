/** An agent's events as they come: announced through Redis, read from Postgres, whether or not the announcement arrived. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "../store/postgres.ts";
import { startWatch, type Watch } from "../store/watch.ts";
import { type AgentEvent, latestAgentEvents, readAgentEvents } from "./events.ts";

export type { AgentEvent } from "./events.ts";

/** Read after this number there is nothing but the agent's version. */
export const latest = Number.MAX_SAFE_INTEGER;

interface Batch {
  readonly version: number;
  readonly events: readonly AgentEvent[];
}

export interface AgentFeed extends Watch {
  /** The next events after `after`; undefined if there is no such agent. Those who ask the same at the same time share one statement. */
  read(id: string, after: number): Promise<Batch | undefined>;
}

/** Events of agents for the sockets of this instance: each from Postgres, so that none is missed or told twice (HS-8). */
export function openFeed(db: Database): AgentFeed {
  const watch = startWatch((ids) => latestAgentEvents(db, ids));
  const unsent = new Map<string, Promise<Batch | undefined>>();
  const readNow = async (key: string, id: string, after: number): Promise<Batch | undefined> => {
    await nextTurn();
    // Whoever asks from here on may know of a change that this statement does not see.
    unsent.delete(key);
    return readAgentEvents(db, id, after);
  };
  return {
    ...watch,
    read(id, after) {
      const key = `${after} ${id}`;
      const batch = unsent.get(key) ?? readNow(key, id, after);
      unsent.set(key, batch);
      return batch;
    },
  };
}

/**
 * Agents read cache-first: this process's memory, then Redis, then Postgres. Changes are written to Postgres, then to Redis, then announced.
 * Every entry ends its time to live after the moment before it was read from Postgres, so a read is never staler than that, whatever
 * becomes of fills, invalidations and announcements; these only make it fresher.
 */
import { monotonicMs } from "../clock.ts";
import type { Database } from "../store/postgres.ts";
import { announce, type RedisLink } from "../store/redis.ts";
import { openCache } from "../store/versioned-cache.ts";
import { type Agent, readAgent } from "./agent.ts";
import { agentChangedChannel } from "./events.ts";

/** Agents kept in memory at most. */
const localLimit = 1000;

interface CachedAgent {
  readonly agent: Agent | undefined;
  readonly source: "local" | "redis" | "database";
}

export interface AgentCache {
  /** At most the time to live behind the last acknowledged change. Throws Unavailable when it is in no cache and the database is away. */
  read(id: string): Promise<CachedAgent>;
  /** To be called and awaited before a change is written; what it resolves to is called after the change is committed. Never rejects. */
  beginChange(): Promise<(agent: Agent) => void>;
  /** A message said that the agent changed ("": any may have). */
  notify(id: string): void;
}

interface Load {
  readonly result: Promise<CachedAgent>;
  readonly startedMs: number;
  /** The agent changed since the load began: it is not to be kept. */
  outdated: boolean;
}

/** A cache in this process over the one in Redis; nothing read from it is older than `ttlMs` (HS-13, HA-10, HA-11). */
export function openAgentCache(db: Database, redis: RedisLink, ttlMs: number): AgentCache {
  const shared = openCache<Agent>(redis, "agent:", ttlMs);
  const local = new Map<string, { readonly agent: Agent; readonly untilMs: number }>();
  const loads = new Map<string, Load>();

  const keep = (agent: Agent, untilMs: number): void => {
    const held = local.get(agent.id);
    if (held && held.agent.version > agent.version && monotonicMs() < held.untilMs) return;
    // The map's order is the order of storing: the first is the oldest.
    local.delete(agent.id);
    local.set(agent.id, { agent, untilMs });
    for (const oldest of local.keys()) {
      if (local.size <= localLimit) break;
      local.delete(oldest);
    }
  };
  const load = (id: string): Load => {
    const startedMs = monotonicMs();
    const loading: Load = {
      startedMs,
      outdated: false,
      result: shared
        .read(id, () => readAgent(db, id))
        .then(({ value, source, freshMs }) => {
          if (value && !loading.outdated) keep(value, startedMs + freshMs);
          return { agent: value, source };
        })
        .finally(() => {
          if (loads.get(id) === loading) loads.delete(id);
        }),
    };
    loads.set(id, loading);
    return loading;
  };

  return {
    async read(id) {
      const held = local.get(id);
      if (held && monotonicMs() < held.untilMs) return { agent: held.agent, source: "local" };
      const loading = loads.get(id);
      // A load that takes long may have read before changes that this caller was told of.
      return (loading && monotonicMs() - loading.startedMs < ttlMs ? loading : load(id)).result;
    },
    async beginChange() {
      const startedMs = monotonicMs();
      const asOf = await shared.now();
      return (agent) => {
        keep(agent, startedMs + ttlMs);
        shared.store(agent.id, agent, asOf);
        // Sent after the value on the same connection: whoever hears of it finds the value.
        announce(redis, agentChangedChannel, agent.id);
      };
    },
    notify(id) {
      const outdated = id === "" ? [...loads.values()] : [loads.get(id)].filter((one) => one !== undefined);
      for (const one of outdated) one.outdated = true;
      if (id === "") {
        loads.clear();
        local.clear();
      } else {
        loads.delete(id);
        local.delete(id);
      }
    },
  };
}

/** What an instance has for its agents: their locks, the one way to change them, their cache and their events. */
import type { Config } from "../config.ts";
import type { EffectService } from "../effects/effects.ts";
import type { AgentLocks } from "../locks/lock.ts";
import { openLocks } from "../locks/open-locks.ts";
import type { Lifecycle } from "../server.ts";
import type { Database } from "../store/postgres.ts";
import type { RedisLink } from "../store/redis.ts";
import { type AgentCache, openAgentCache } from "./agent-cache.ts";
import { detectVectorSearch, type VectorSearch } from "./archive.ts";
import type { ChangeContext } from "./change.ts";
import { type AgentFeed, openFeed } from "./feed.ts";

export interface Agents extends Disposable {
  readonly locks: AgentLocks;
  readonly changes: ChangeContext;
  readonly feed: AgentFeed;
  readonly cache: AgentCache;
  /** How this database searches archival memory; asked once, after the migration. */
  vectorSearch(): Promise<VectorSearch>;
  /** A message said that the agent changed ("": any may have). */
  notify(id: string): void;
}

/** Opens them with the lock strategy that is configured (HS-6). Disposing stops the feed. */
export function openAgents(config: Config, db: Database, redis: RedisLink, effects: EffectService, { stopping }: Lifecycle): Agents {
  const locks = openLocks(config, db, redis);
  const feed = openFeed(db);
  const cache = openAgentCache(db, redis, config.cacheTtlMs);
  let found: VectorSearch | undefined;
  return {
    locks,
    feed,
    cache,
    changes: {
      db,
      locks,
      effects,
      lockWaitMs: config.lockWaitMs,
      stop: stopping,
      beginChange: cache.beginChange,
    },
    async vectorSearch() {
      found ??= await detectVectorSearch(db);
      return found;
    },
    notify(id) {
      // First the cache: whom the feed wakes must not find the old value.
      cache.notify(id);
      feed.notify(id);
    },
    [Symbol.dispose]: () => feed[Symbol.dispose](),
  };
}

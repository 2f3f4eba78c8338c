/** Brings the schema up to date: many instances may start at once, one of them does it. */
import { readdir, readFile } from "node:fs/promises";
import pg from "pg";
import type { Logger } from "pino";
import { sleep } from "../clock.ts";
import { sessionConfig } from "./postgres.ts";
import { isTransient } from "./transient.ts";

const folder = new URL("../migrations/", import.meta.url);
/** Any number that nothing else in this database locks. */
const lockNumber = 7_203_115;
const lockTimeoutMs = 30_000;

async function migrateOnce(url: string, instanceId: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{3}-[a-z0-9-]+\.sql$/.test(name)).sort();
  const client = new pg.Client({ ...sessionConfig(url, instanceId), statement_timeout: lockTimeoutMs, query_timeout: lockTimeoutMs + 1000 });
  client.on("error", () => {});
  await client.connect();
  try {
    // One transaction: the lock ends with it, and a crash in the middle leaves the schema as it was.
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [lockNumber]);
    await client.query("create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())");
    const { rows } = await client.query<{ name: string }>("select name from schema_migrations");
    const done = new Set(rows.map((row) => row.name));
    const missing = files.filter((name) => !done.has(name));
    for (const name of missing) {
      await client.query(await readFile(new URL(name, folder), "utf8"));
      await client.query("insert into schema_migrations (name) values ($1)", [name]);
    }
    await client.query("commit");
    return missing;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Does the work again and again while the database is away, for as long as it takes. Throws what is not transient, or the signal's reason. */
export async function untilReachable<T>(work: () => Promise<T>, log: Logger, signal: AbortSignal): Promise<T> {
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      log.warn({ reason: error instanceof Error ? error.message : String(error) }, "waiting for the database");
      await sleep(pauseMs, signal);
    }
  }
}

/** Waits for the database for as long as it takes, then migrates. Throws on a migration that is wrong, or the signal's reason. */
export async function migrate(url: string, instanceId: string, log: Logger, signal: AbortSignal): Promise<void> {
  const applied = await untilReachable(() => migrateOnce(url, instanceId), log, signal);
  log.info({ applied }, "schema is up to date");
}

import pg from "pg";
import { expect, it } from "vitest";
import { startInstance } from "../instance.ts";
import { eventually, insertRuns, noServices, quiet, startServices, testConfig } from "../testing/services.ts";

const slots = 4;

it.skipIf(noServices)(
  "claims the next runs while the ends of the last ones take every other connection, and begins none before a slot is free",
  async () => {
    await using services = await startServices();
    const { db } = services;
    // Whoever ends a run waits in Postgres, with its connection, while somebody else holds the lock.
    await db.query(
      "create function wait_to_end() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(4); return new; end $$",
      [],
    );
    await db.query(
      "create trigger wait_to_end before update of status on runs for each row when (new.status = 'success') execute function wait_to_end()",
      [],
    );
    await using holder = await connected(services.databaseUrl);
    await holder.client.query("select pg_advisory_lock(4)");

    const all = await insertRuns(db, 3 * slots);
    const config = testConfig(services, "queue", { runsPerInstance: slots, poolSize: slots });
    const queue = await startInstance(config, quiet, (error) => {
      throw error;
    });
    await queue.serving;
    const running = () => db.query<{ id: string }>("select id from runs where status = 'running'", []);
    const claimed = await eventually(running, ({ length }) => length === 2 * slots, 4000);
    const begun = "select kind from run_events where run_id = any($1::uuid[]) and kind <> 'attempt'";
    expect(await db.query(begun, [claimed.map(({ id }) => id)])).toEqual([]);
    await holder.client.query("select pg_advisory_unlock(4)");

    await eventually(
      () => db.query("select id from runs where status = 'success' and attempt = 1", []),
      ({ length }) => length === all.length,
    );
    await queue.stop();
  },
);

async function connected(url: string): Promise<AsyncDisposable & { readonly client: pg.Client }> {
  const client = new pg.Client(url);
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}

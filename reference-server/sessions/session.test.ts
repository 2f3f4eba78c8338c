import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../store/postgres.ts";
import { noServices, type Services, startServices } from "../testing/services.ts";
import { addCost, readSession, removeEndedSessions, writeSession } from "./session.ts";

describe.skipIf(noServices)("sessions (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let db: Database;
  beforeAll(async () => {
    services = await startServices();
    db = services.db;
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  /** The first statement is sent twice, and `between` happens in between, as when its answer was lost. */
  const answerLost = (between: () => Promise<unknown>): Database => {
    let lost = false;
    return {
      ...db,
      async query(sql, values, untilMs) {
        const rows = await db.query(sql, values, untilMs);
        if (lost) return rows as never;
        lost = true;
        await between();
        return (await db.query(sql, values, untilMs)) as never;
      },
    };
  };
  const write = (through: Database, id: string, by: string, expected?: number) => writeSession(through, id, { data: { by }, ttlS: 60, expected });

  it("FR-6: a write sent twice is made once, and not over a newer one", async () => {
    const id = randomUUID();
    expect(
      await write(
        answerLost(async () => {}),
        id,
        "a",
        0,
      ),
    ).toMatchObject({ version: 1, data: { by: "a" } });
    expect(
      await write(
        answerLost(() => write(db, id, "b", 2)),
        id,
        "c",
        1,
      ),
    ).toMatchObject({ version: 3 });
    expect(
      await write(
        answerLost(() => write(db, id, "d")),
        id,
        "e",
      ),
    ).toMatchObject({ version: 5 });
    expect(await readSession(db, id)).toMatchObject({ version: 5, data: { by: "d" } });
  });

  it("AB-4: of writes with the same expected version one is made, though all say the same", async () => {
    const id = randomUUID();
    await write(db, id, "a");
    const made = await Promise.all([1, 2, 3].map(() => write(db, id, "same", 1)));
    expect(made.filter((session) => session !== undefined)).toHaveLength(1);
  });

  it("AB-4: a cost sent twice is counted once", async () => {
    const id = randomUUID();
    await write(db, id, "a");
    expect(
      await addCost(
        answerLost(() => addCost(db, id, "other", 1)),
        id,
        "k",
        5,
      ),
    ).toMatchObject({ cost_micros: 6 });
    expect(await addCost(db, id, "k", 4)).toBe("other");
    expect(await addCost(db, randomUUID(), "k", 4)).toBeUndefined();
  });

  it("are removed with their costs when their time is long over", async () => {
    const id = randomUUID();
    await write(db, id, "a");
    await addCost(db, id, "k", 5);
    await db.query("update sessions set expires_at = clock_timestamp() - interval '2 minutes' where id = $1", [id]);
    expect(await readSession(db, id)).toBeUndefined();
    await removeEndedSessions(db);
    expect(await db.query("select 1 from sessions where id = $1 union all select 1 from session_costs where session_id = $1", [id])).toEqual([]);
  });

  it("are removed a few hundred costs at a time, each with all of its own", async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const [i, id] of ids.entries()) {
      await write(db, id, "a");
      await db.query("insert into session_costs (session_id, key, micros) select $1, n::text, 1 from generate_series(1, $2::int) as n", [
        id,
        [300, 400, 700][i],
      ]);
    }
    await db.query("update sessions set expires_at = clock_timestamp() - interval '2 minutes' where id = any($1::uuid[])", [ids]);
    const left = async () =>
      (
        await db.query<{ n: number }>(
          "select count(*)::int as n from session_costs where session_id = any($1::uuid[]) group by session_id order by n",
          [ids],
        )
      ).map(({ n }) => n);
    const seen: number[][] = [];
    while (await removeEndedSessions(db)) seen.push(await left());
    expect(seen).toEqual([[400, 700], [700], []]);
  });
});

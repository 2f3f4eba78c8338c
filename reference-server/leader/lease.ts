/**
 * Who leads: a lease on a row of Postgres. The lease keeps others out while the leader is healthy; what protects the data from a leader that
 * slept through it is the token, which fence.ts asks every session for.
 */
import { monotonicMs } from "../clock.ts";
import type { Database, Row } from "../store/postgres.ts";

export interface Candidate {
  /** What is led. */
  readonly name: string;
  readonly instanceId: string;
  /** Names this process: a second send of the same acquisition finds its own. */
  readonly holder: string;
  readonly leaseMs: number;
}

// The token is drawn after the row's lock was obtained, so tokens increase in the order in which the row is taken.
const takeSql = `
  update leaders
  set token = nextval('leader_tokens'), holder = $2, instance = $3, expires_at = clock_timestamp() + make_interval(secs => $4::float8 / 1000),
      unfenced = case when holder = $2 or instance = '' then unfenced else array_append(array_remove(unfenced, instance), instance) end
  where name = $1 and (expires_at < clock_timestamp() or holder = $2)
  returning token`;

// An absent row is put there as an expired one, which takes nothing: the next try does. One statement, because every candidate sends it all the time.
const tryToTakeSql = `
  with taken as (${takeSql}), placed as (
    insert into leaders (name, token, holder, instance, expires_at) values ($1, 0, '', '', '-infinity')
    on conflict (name) do nothing
    returning token
  )
  select (select token from taken) as token, exists (select from placed) as placed`;

const renewSql = `
  update leaders set expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
  where name = $1 and token = $2
  returning token`;

/**
 * Tries to take the lease, in a fraction of its time: a lease that comes late is worth nothing. Returns the token, larger than every earlier
 * one; undefined if somebody else leads. An error may come after it was taken; the next try then finds it.
 */
export async function takeLease(db: Database, { name, holder, instanceId, leaseMs }: Candidate): Promise<number | undefined> {
  const untilMs = monotonicMs() + leaseMs / 4;
  const take = () => db.query<Row & { token: number | null; placed: boolean }>(tryToTakeSql, [name, holder, instanceId, leaseMs], untilMs);
  const [tried] = await take();
  const [taken] = tried?.placed ? await take() : [tried];
  return taken?.token ?? undefined;
}

/** Extends the lease from now on. False when somebody else leads. An error may come after it took effect. */
export async function renewLease(db: Database, { name, leaseMs }: Candidate, token: number): Promise<boolean> {
  return (await db.query(renewSql, [name, token, leaseMs], monotonicMs() + leaseMs / 3)).length > 0;
}

/** Ends the lease at once, so that the next leader need not wait. Without the database it ends by itself. Never rejects. */
export async function releaseLease(db: Database, { name, leaseMs }: Candidate, token: number): Promise<void> {
  const sql = "update leaders set expires_at = '-infinity' where name = $1 and token = $2";
  await db.query(sql, [name, token], monotonicMs() + leaseMs / 4).catch(() => {});
}

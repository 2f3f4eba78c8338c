/** Faults that Postgres itself raises in whichever statement comes, and ways to it that break: for tests of what is sent again. */
import { randomBytes } from "node:crypto";
import type { Services } from "./services.ts";
import { openWay } from "./way.ts";

interface Fault {
  /** SQLSTATE. */
  readonly code: string;
  readonly times: number;
  /** Rows that statements may look at or write before it. */
  readonly skip?: number;
}

export interface Faults extends AsyncDisposable {
  /** A database URL on which the faults are met. */
  readonly url: string;
  /** The connections of that URL go this way. */
  readonly way: Awaited<ReturnType<typeof openWay>>;
  raise(fault: Fault): Promise<void>;
  /** Raises nothing more. Returns how often the fault was raised, each time in another statement. */
  lift(): Promise<number>;
  /** Rows looked at or written on the URL since the last `raise`. */
  rows(): Promise<number>;
}

/**
 * Plants them in the services' database. A policy for a role of its own is asked for each row that a statement looks at or writes; it counts by a
 * sequence, which an error does not roll back. The services' own connections do not meet it.
 */
export async function plantFaults({ db, databaseUrl }: Services): Promise<Faults> {
  const role = `faulty_${randomBytes(6).toString("hex")}`;
  const tables = (await db.query<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public'", [])).map(
    ({ name }) => name,
  );
  const statements = [
    "create sequence fault_rows",
    "create table fault (code text not null, times bigint not null, skip bigint not null)",
    "insert into fault values ('', 0, 0)",
    `create function meets_fault() returns boolean language plpgsql as $$
     declare
       planted fault;
       row bigint := nextval('fault_rows');
     begin
       select * into planted from fault;
       if row > planted.skip and row <= planted.skip + planted.times then
         raise exception using errcode = planted.code, message = 'injected';
       end if;
       return true;
     end $$`,
    `create role ${role}`,
    `grant create, usage on schema public to ${role}`,
    `grant all on all tables in schema public to ${role}`,
    `grant all on all sequences in schema public to ${role}`,
    ...tables.flatMap((table) => [
      `alter table ${table} enable row level security`,
      `create policy faults on ${table} to ${role} using (meets_fault()) with check (meets_fault())`,
    ]),
  ];
  for (const sql of statements) await db.query(sql, []);
  const way = await openWay(databaseUrl);
  const url = new URL(way.url);
  url.searchParams.set("options", `-c role=${role}`);
  const rows = async (): Promise<number> => {
    const [counted] = await db.query<{ rows: number }>("select last_value - case when is_called then 0 else 1 end as rows from fault_rows", []);
    return counted?.rows ?? 0;
  };
  const plant = async ({ code, times, skip = 0 }: Fault): Promise<void> => {
    await db.query("update fault set code = $1, times = $2, skip = $3", [code, times, skip]);
    await db.query("select setval('fault_rows', 1, false)", []);
  };
  let planted: Fault | undefined;
  return {
    url: url.href,
    way,
    rows,
    async raise(fault) {
      planted = fault;
      await plant(fault);
    },
    async lift() {
      const { times = 0, skip = 0 } = planted ?? {};
      const raised = Math.min(times, Math.max(0, (await rows()) - skip));
      await plant({ code: "", times: 0 });
      return raised;
    },
    async [Symbol.asyncDispose]() {
      await way[Symbol.asyncDispose]();
      await db.query(`drop owned by ${role} cascade`, []);
      await db.query(`drop role ${role}`, []);
    },
  };
}

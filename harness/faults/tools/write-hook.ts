/** A hook inside the target's database: a trigger of the harness's that meets the target's writes of one table, and counts them. */
import { until } from "../../base/clock.ts";
import { everybodysWork, type FaultContext, type Strike } from "../fault.ts";
import { asOutsider } from "./outsider.ts";

/** The trigger needs the table to itself for a moment. */
const lockMs = 1000;
const installWithinMs = 8000;

interface Hook {
  /** What happens to a write that is met, in PL/pgSQL, where `nth` says how many were met so far; and in words. */
  readonly act: string;
  readonly words: string;
}

/**
 * Meets the writes (option `write`: insert or update) of `table` that fulfil the condition `when` over NEW, of these `percent` by the seed `seed`, and the first `count` only.
 * Sequences count, because they forget nothing when a statement is rolled back.
 */
export function writeHook({ stack, ledger, options }: FaultContext, { act, words }: Hook): Strike {
  const { table, write, when = "true", percent = 100, seed = 0, count = 1_000_000_000 } = options;
  const schema = `runproof_hook_${table}_${write}`;
  const met = (): Promise<number> =>
    asOutsider(stack, async (client) => {
      const { rows } = await client.query(`select least(case when is_called then last_value else 0 end, ${count})::int as met from ${schema}.met`);
      return Number(rows[0].met);
    });
  const change = async (sql: string): Promise<void> => {
    const once = (): Promise<true> =>
      asOutsider(stack, async (client) => {
        await client.query(`set lock_timeout = ${lockMs}`);
        await client.query(sql);
        return true as const;
      });
    await until(`The trigger on ${table} was expected to be changed`, once, { withinMs: installWithinMs });
  };
  const functionOf = (body: string): string =>
    `create or replace function ${schema}.meet() returns trigger language plpgsql security definer as $$ declare nth bigint; begin ${body} return new; end $$`;
  let times = 0;
  return {
    on: "postgres",
    working: () => everybodysWork(stack, ledger),
    inject: () =>
      change(`
create schema ${schema};
create sequence ${schema}.seen;
create sequence ${schema}.met;
${functionOf(`
  if not (${when}) or current_setting('application_name') = 'runproof' then return new; end if;
  if mod(abs(hashint8extended(nextval('${schema}.seen'), ${seed})), 100) >= ${percent} then return new; end if;
  nth := nextval('${schema}.met');
  if nth > ${count} then return new; end if;
  ${act};`)};
create trigger runproof_hook before ${write} on ${table} for each row execute function ${schema}.meet()`),
    async bites() {
      times = await met();
      return times > 0 ? `${times} ${write}s of ${table} were ${words} so far` : undefined;
    },
    async heal() {
      // Over at once, and gone as soon as the table can be had.
      await asOutsider(stack, (client) => client.query(functionOf("")));
      await change(`drop schema ${schema} cascade`);
    },
    async healed() {
      const left = await asOutsider(stack, (client) => client.query("select from pg_namespace where nspname = $1", [schema]));
      return left.rowCount === 0 ? `the trigger on ${table} is gone` : undefined;
    },
    numbers: () => ({ writesMetAtBite: times }),
  };
}

/** Sessions of the harness's own in the target's Postgres: an outsider who gets in the way. */
import type { Client } from "pg";
import type { Stack } from "../../drivers/stack.ts";

/** One session for what is done in it, ended afterwards. */
export async function asOutsider<T>({ postgres }: Stack, act: (client: Client) => Promise<T>): Promise<T> {
  const client = await postgres.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

/** The SQLSTATE that a statement in a session of its own ends with; "" when it succeeds. Rejects when something else is wrong. */
export async function sqlStateOf(stack: Stack, sql: string): Promise<string> {
  try {
    await asOutsider(stack, (client) => client.query(sql));
    return "";
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) throw error;
    return code;
  }
}

/** Healed, for most faults of Postgres: it lets somebody in and answers. */
export async function answersSelectOne(stack: Stack): Promise<string | undefined> {
  return sqlStateOf(stack, "select 1").then(
    (state) => (state === "" ? "answers SELECT 1" : undefined),
    () => undefined,
  );
}

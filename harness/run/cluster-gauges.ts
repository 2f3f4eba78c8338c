/** What each node of a Postgres that fails over says of itself, asked directly: whether it takes writes, on which timeline, and the last entry of its audit trail. */
import type { Client } from "pg";
import { within } from "../base/clock.ts";
import type { Target } from "../core/target.ts";
import type { PostgresNode } from "../drivers/groups.ts";
import type { Stack } from "../drivers/stack.ts";
import type { Gauges } from "./dependency-gauges.ts";

const answerMs = 1000;

export interface ClusterGauges extends AsyncDisposable {
  /** `pg-1`: {writable, timeline, written, lookMs}; nothing of a node that does not answer. `lookMs`: it was so at some moment within that time before. */
  read(): Promise<readonly Gauges[]>;
}

/** The timeline is that of what is written now: the checkpoint's is an older one for a while after a promotion. */
const state = `select case when pg_is_in_recovery() then 0 else 1 end as writable,
  case when pg_is_in_recovery() then 0 else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end as timeline`;

export function openClusterGauges(stack: Stack, { observe }: Target): ClusterGauges {
  const sessions = new Map<PostgresNode, { readonly client: Client; written: number }>();
  const drop = (node: PostgresNode): void => {
    sessions.get(node)?.client.connection.stream.destroy();
    sessions.delete(node);
  };
  const ask = async (node: PostgresNode): Promise<Gauges> => {
    const session = sessions.get(node) ?? { client: await node.connect(), written: 0 };
    sessions.set(node, session);
    const { writable, timeline } = (await session.client.query(state)).rows[0];
    if (writable === 1) {
      const { rows } = await session.client.query(`select max(seq) as last from (${observe.transitions}) as trail where seq > $1`, [session.written]);
      session.written = Number(rows[0].last ?? session.written);
    }
    return { source: node.name, values: { writable, timeline, written: session.written } };
  };
  return {
    async read() {
      const nodes = stack.cluster?.nodes ?? [];
      const beganMs = performance.now();
      const answers = await Promise.allSettled(nodes.map((node) => within(`${node.name} was expected to answer`, answerMs, ask(node))));
      answers.forEach((answer, i) => {
        const node = nodes[i];
        if (answer.status === "rejected" && node) drop(node);
      });
      // One that hangs keeps the answers of the others back.
      const lookMs = performance.now() - beganMs;
      return answers.flatMap((answer) =>
        answer.status === "fulfilled" ? [{ source: answer.value.source, values: { ...answer.value.values, lookMs } }] : [],
      );
    },
    async [Symbol.asyncDispose]() {
      for (const node of [...sessions.keys()]) drop(node);
    },
  };
}

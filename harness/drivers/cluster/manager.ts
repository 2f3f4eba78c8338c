/** What is asked of the manager of a node, and of its server, wherever they run. */
import pg from "pg";
import { superuser } from "../dependency-clients.ts";
import type { Place } from "../edge-probe.ts";
import type { PostgresNode } from "../groups.ts";

export interface AskedNode extends Pick<PostgresNode, "role" | "isSynchronous" | "connect"> {
  /** Asks the node's manager: `GET /primary`. Status 0: no answer in time. */
  ask(path: string, withinMs: number): Promise<number>;
  /** Asks the manager to hand over the lead. Rejects when it refuses. */
  handOver(): Promise<void>;
}

export function askNode({
  name,
  server,
  api,
  password,
}: {
  readonly name: string;
  readonly server: Place;
  readonly api: Place;
  readonly password: string;
}): AskedNode {
  const url = `http://${api.host}:${api.port}`;
  const ask = (path: string, withinMs: number): Promise<number> =>
    fetch(`${url}${path}`, { headers: { Connection: "close" }, signal: AbortSignal.timeout(withinMs) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.status;
      },
      () => 0,
    );
  return {
    ask,
    async role(withinMs) {
      const status = await ask("/primary", withinMs);
      return status === 0 ? undefined : status === 200 ? "primary" : "standby";
    },
    isSynchronous: async (withinMs) => (await ask("/synchronous", withinMs)) === 200,
    async connect() {
      const client = new pg.Client({
        ...{ ...server, user: superuser, password, database: "postgres" },
        ...{ connectionTimeoutMillis: 2000, query_timeout: 20_000, application_name: "runproof" },
      });
      client.on("error", () => {}); // An experiment kills the server under it; the next query says so.
      await client.connect();
      return client;
    },
    async handOver() {
      const answer = await fetch(`${url}/switchover`, {
        method: "POST",
        headers: { Authorization: `Basic ${Buffer.from(`patroni:${password}`).toString("base64")}` },
        body: JSON.stringify({ leader: name }),
        signal: AbortSignal.timeout(20_000),
      });
      const said = await answer.text();
      if (!answer.ok) throw new Error(`Patroni of ${name} was expected to hand over and refused with ${answer.status}: ${said.slice(0, 200)}`);
    },
  };
}

/** What can be seen of an edge from the instance's side: bare connections, and authenticated ones whose other end is looked at past the edge. */
import { connect } from "node:net";
import { Redis as Client } from "ioredis";
import pg from "pg";
import { until, within } from "../base/clock.ts";
import { superuser } from "./dependency-clients.ts";
import type { Dialled, EdgeProbe, Stack } from "./stack.ts";

export interface Place {
  readonly host: string;
  readonly port: number;
}

interface Probe {
  /** What a stranger may say first and is answered. */
  readonly firstWords: Buffer;
  /** An authenticated connection to a place that leads to the dependency. Rejects when it is not made within the time (ms). */
  open(place: Place, withinMs: number): Promise<EdgeProbe>;
}

let probes = 0;

export function probeRedis(redis: Pick<Stack["redis"], "command"> & { readonly password: string }): Probe {
  return {
    firstWords: Buffer.from("PING\r\n"),
    async open({ host, port }, withinMs) {
      const name = `runproof-probe-${++probes}`;
      const settings = { host, port, password: redis.password, retryStrategy: null, lazyConnect: true, enableReadyCheck: false };
      const [client, listener] = [new Client(settings), new Client(settings)];
      let heard = "";
      for (const each of [client, listener]) each.on("error", () => {}); // What is asked of it says what is wrong.
      listener.on("message", (_channel, message) => {
        heard = message;
      });
      const open = async (): Promise<unknown> => {
        await Promise.all([client.connect(), listener.connect()]);
        return listener.subscribe(name);
      };
      const close = (): void => [client, listener].forEach((each) => void each.disconnect());
      await within("Redis was expected to let a probe in", withinMs, open()).catch((error) => {
        close();
        throw error;
      });
      return {
        isOpen: () => client.status === "ready",
        roundTripMs: (withinMs, payloadBytes) => timed(withinMs, () => client.echo("x".repeat(payloadBytes))),
        async reaches(withinMs) {
          const word = String(++probes);
          client.set(name, word, "PX", 10_000).catch(() => {});
          return happens(withinMs, async () => (await redis.command("GET", name)) === word);
        },
        async hears(withinMs) {
          const word = String(++probes);
          await redis.command("PUBLISH", name, word);
          return happens(withinMs, () => heard === word);
        },
        [Symbol.dispose]: close,
      };
    },
  };
}

export function probePostgres(postgres: Pick<Stack["postgres"], "connect"> & { readonly password: string }): Probe {
  return {
    // SSLRequest: answered by one letter before anybody says who they are.
    firstWords: Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]),
    async open({ host, port }, withinMs) {
      const name = `runproof-probe-${++probes}`;
      const client = new pg.Client({ host, port, user: superuser, password: postgres.password, database: "postgres" });
      let open = true;
      let heard: string | undefined;
      const closed = (): void => {
        open = false;
      };
      client.on("error", closed).on("end", closed);
      client.on("notification", ({ payload }) => {
        heard = payload;
      });
      const close = (): void => void client.connection.stream.destroy();
      const ready = client.connect().then(() => client.query(`listen "${name}"`));
      await within("Postgres was expected to let a probe in", withinMs, ready).catch((error) => {
        close();
        throw error;
      });
      const past = async (sql: string, values: readonly unknown[]): Promise<number | null> => {
        const other = await postgres.connect();
        return other
          .query(sql, [...values])
          .then(({ rowCount }) => rowCount)
          .finally(() => other.end());
      };
      return {
        isOpen: () => open,
        roundTripMs: (withinMs, payloadBytes) => timed(withinMs, () => client.query("select $1::text", ["x".repeat(payloadBytes)])),
        async reaches(withinMs) {
          const word = `${name}-${++probes}`;
          client.query(`set application_name to '${word}'`).catch(() => {});
          return happens(withinMs, async () => (await past("select from pg_stat_activity where application_name = $1", [word])) === 1);
        },
        async hears(withinMs) {
          const word = String(++probes);
          await past("select pg_notify($1, $2)", [name, word]);
          return happens(withinMs, () => heard === word);
        },
        [Symbol.dispose]: close,
      };
    },
  };
}

async function timed(withinMs: number, ask: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await within("An answer was expected", withinMs, ask());
  return performance.now() - began;
}

async function happens(withinMs: number, look: () => Promise<boolean> | boolean): Promise<boolean> {
  const seen = until("It was expected to be seen", async () => (await look()) || undefined, { withinMs, everyMs: 10 });
  return seen.catch(() => false);
}

/** What becomes of a connection to the place whose first words are these. */
export function dial(place: Place, words: Buffer, withinMs: number): Promise<Dialled> {
  return new Promise((resolve) => {
    const socket = connect(place.port, place.host, () => socket.write(words));
    const done = (how: Dialled): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(how);
    };
    const timer = setTimeout(() => done("silent"), withinMs);
    socket.on("data", () => done("answered"));
    socket.on("error", ({ code }: NodeJS.ErrnoException) => done(code === "ECONNREFUSED" ? "refused" : code === "ECONNRESET" ? "reset" : "closed"));
    socket.on("close", () => done("closed"));
  });
}

/** From our end of a connection that was answered until the other end's (ms); undefined when it has not come within the time. */
export function closesAfterMs(place: Place, words: Buffer, withinMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    let endedAt: number | undefined;
    const socket = connect({ ...place, allowHalfOpen: true }, () => socket.write(words));
    const done = (ms: number | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(ms);
    };
    const timer = setTimeout(() => done(undefined), withinMs);
    socket.once("data", () => {
      endedAt = performance.now();
      socket.end();
    });
    socket.on("end", () => done(endedAt === undefined ? undefined : performance.now() - endedAt));
    socket.on("error", () => done(undefined));
  });
}

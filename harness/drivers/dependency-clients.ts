/** The harness's own connections to the dependencies on loopback, past every proxy, whichever driver started them. */
import { connect } from "node:net";
import { Redis as Client } from "ioredis";
import pg from "pg";
import type { StopMode } from "./stack.ts";

/** The superuser's name; its database is "postgres". */
export const superuser = "runproof";

export interface Reached {
  readonly port: number;
  readonly password: string;
}

/** What the postmaster is told. */
export const stopSignals = { smart: "SIGTERM", fast: "SIGINT", immediate: "SIGQUIT", kill: "SIGKILL" } as const satisfies Record<
  StopMode,
  NodeJS.Signals
>;

/** By TCP, or through the socket in a folder. The caller ends it. */
export async function connectPostgres({ port, password }: Reached, socketDirectory?: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: socketDirectory ?? "127.0.0.1",
    port,
    user: superuser,
    password,
    database: "postgres",
    connectionTimeoutMillis: 2000,
    query_timeout: 20_000,
    application_name: "runproof",
  });
  client.on("error", () => {}); // An experiment stops the server under it; the next query says so.
  await client.connect();
  return client;
}

/** True, or rejects. A TCP connect is no proof: orphaned backends of a killed postmaster keep the listening socket for a while. */
export async function answersSelectOne(open: () => Promise<pg.Client>): Promise<true> {
  const client = await open();
  await client.query("select 1").finally(() => client.end());
  return true;
}

const commandMs = 1000;

/** Each command on a connection of its own. Rejects when Redis does not answer within a second. */
export function redisCommands({ port, password }: Reached): (name: string, ...args: readonly string[]) => Promise<unknown> {
  return async (name, ...args) => {
    const client = new Client({
      host: "127.0.0.1",
      port,
      password,
      retryStrategy: null,
      lazyConnect: true,
      connectTimeout: commandMs,
      commandTimeout: commandMs,
    });
    client.on("error", () => {}); // The command itself says what is wrong.
    try {
      await client.connect();
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  };
}

/** Whether a Redis answers an authenticated PING on this port within the time. */
export function pingRedis(at: Reached, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at.port, "127.0.0.1");
    let answer = "";
    const done = (result: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => done(false), withinMs);
    socket.on("error", () => done(false));
    socket.on("close", () => done(false));
    socket.on("connect", () => socket.write(`AUTH ${at.password}\r\nPING\r\n`));
    socket.on("data", (chunk) => {
      answer += chunk;
      if (answer.includes("+PONG")) done(true);
    });
  });
}

/** A server that follows the tests' Postgres, and replays what it gets as late as it is told. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

const run = promisify(execFile);

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on("error", () => {});
  await client.connect();
  return client
    .query<T>(sql)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

/** Copies the server of `url`, which has to be of this machine, and follows it `delayMs` behind. Undefined where that server came without pg_basebackup. */
export async function startStandby(url: string, delayMs: number) {
  const [where] = await ask<{ programs: string; data: string; connections: string }>(
    url,
    `select (select setting from pg_config where name = 'BINDIR') as programs, current_setting('data_directory') as data,
       current_setting('max_connections') as connections`,
  );
  const { programs, data, connections } = where ?? { programs: "", data: "", connections: "" };
  if (!existsSync(join(programs, "pg_basebackup"))) return undefined;
  const { uid, gid } = await stat(data);
  const { hostname, port: from, username, password } = new URL(url);
  const directory = await mkdtemp(join(tmpdir(), "standby-"));
  await chown(directory, uid, gid);
  const as = { uid, gid, cwd: directory, env: { ...process.env, PGPASSWORD: decodeURIComponent(password) } };
  const own = join(directory, "data");
  await run(
    join(programs, "pg_basebackup"),
    ["-h", hostname, "-p", from, "-U", decodeURIComponent(username), "-D", own, "-R", "-X", "stream", "-c", "fast", "--no-sync"],
    as,
  );
  const port = await freePort();
  // A standby with room for fewer connections than its primary would not let anybody in.
  const settings = [
    `recovery_min_apply_delay=${delayMs}`,
    `max_connections=${connections}`,
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
  ];
  const server = spawn(join(programs, "postgres"), ["-D", own, "-p", String(port), ...settings.flatMap((each) => ["-c", each])], {
    ...as,
    stdio: "ignore",
  });
  const ended = once(server, "exit");
  const ownUrl = Object.assign(new URL(url), { port: String(port) }).href;
  const dispose = async (): Promise<void> => {
    server.kill("SIGQUIT");
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    const follows = await ask(ownUrl, "select from pg_stat_wal_receiver where status = 'streaming'").catch(() => []);
    if (follows.length > 0) return { url: ownUrl, [Symbol.asyncDispose]: dispose };
    if (tries > 300) {
      await dispose();
      throw new Error(`A standby of ${hostname}:${from} was expected to follow it within a minute, and does not.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

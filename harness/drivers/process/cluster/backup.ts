/** A base backup, and servers that are restored from it and the archive of the write-ahead log. */
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { superuser } from "../../dependency-clients.ts";
import type { Backup } from "../../groups.ts";
import { startReady } from "../child.ts";
import { ownFolder } from "../owner.ts";
import type { Ports } from "../ports.ts";
import type { PostgresPart } from "../postgres.ts";

const run = promisify(execFile);
/** Copying and replaying: seconds on a quiet machine. */
const withinMs = 60_000;

export async function backUp(options: {
  readonly postgres: PostgresPart;
  readonly port: number;
  readonly password: string;
  /** Where the log is archived. */
  readonly archive: string;
  /** Made here. */
  readonly directory: string;
  readonly logFile: string;
  readonly ports: Ports;
  readonly marker: string;
}): Promise<Backup> {
  const { postgres, directory, password } = options;
  const asOwner = (program: string, ...args: readonly string[]): Promise<unknown> =>
    run(program, [...args], {
      cwd: options.archive,
      timeout: withinMs,
      env: { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", ...postgres.env, PGPASSWORD: password },
      ...(postgres.uid === undefined ? {} : { uid: postgres.uid, gid: postgres.gid ?? postgres.uid }),
    });
  const own = (path: string): Promise<void> => ownFolder(postgres, path);
  await own(directory);
  const copy = join(directory, "base");
  await own(copy);
  const from = ["--host", "127.0.0.1", "--port", String(options.port), "--username", superuser, "--no-password"];
  // Without the log of the time of the copy: a restore shows what is worth what was archived.
  await asOwner(join(postgres.path, "pg_basebackup"), ...from, "--pgdata", copy, "--checkpoint", "fast", "--wal-method", "none", "--no-sync");
  return {
    async restore(point) {
      const data = join(directory, "restored");
      await own(data);
      await asOwner("cp", "-a", `${copy}/.`, data);
      await rm(join(data, "standby.signal"), { force: true });
      await writeFile(join(data, "recovery.signal"), "", { mode: 0o644 });
      const port = await options.ports.take();
      const settings = {
        ...{ listen_addresses: "127.0.0.1", port, unix_socket_directories: "", archive_mode: "off", jit: "off" },
        ...{ primary_conninfo: "", primary_slot_name: "", synchronous_standby_names: "" },
        ...{ restore_command: `cp "${options.archive}/%f" "%p"`, recovery_target_name: point, recovery_target_action: "promote" },
      };
      const connect = async (): Promise<pg.Client> => {
        const client = new pg.Client({ host: "127.0.0.1", port, user: superuser, password, database: "postgres", query_timeout: 20_000 });
        client.on("error", () => {}); // What is asked of it says what is wrong.
        await client.connect();
        return client;
      };
      const isRestored = async (): Promise<boolean> => {
        const client = await connect();
        const { rows } = await client.query("select pg_is_in_recovery() as recovering").finally(() => client.end());
        return rows[0].recovering === false;
      };
      const child = await startReady(
        {
          name: "restored",
          command: join(postgres.path, "postgres"),
          args: ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
          env: postgres.env,
          cwd: data,
          logFile: options.logFile,
          marker: options.marker,
          uid: postgres.uid,
          gid: postgres.gid,
        },
        { what: `A server was expected to be restored to "${point}" from its backup and the archive`, probe: isRestored, withinMs },
      );
      return {
        connect,
        async [Symbol.asyncDispose]() {
          await child.stop("SIGQUIT", 2000);
          await child[Symbol.asyncDispose]();
        },
      };
    },
  };
}

/** A Postgres cluster of our own on loopback: initialised once per suite, copied for each experiment, its postmaster our direct child. */
import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type pg from "pg";
import { messageOf } from "../../base/errors.ts";
import { answersSelectOne, connectPostgres, stopSignals, superuser } from "../dependency-clients.ts";
import type { StopMode } from "../stack.ts";
import { type Child, startReady } from "./child.ts";
import { demandName, giveTo, ownFile, ownFolder } from "./owner.ts";

const run = promisify(execFile);

export interface PostgresPart {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

export interface Postgres extends AsyncDisposable {
  readonly port: number;
  /** Where its data is. */
  readonly directory: string;
  readonly password: string;
  pid(): number | undefined;
  start(): Promise<void>;
  /** Ends the postmaster; a smart shutdown waits for clients that never leave, so after `graceMs` it becomes a fast one. Resolves with how it ended. */
  stop(mode: StopMode, graceMs: number): Promise<string>;
  isRunning(): boolean;
  /** A connection of the harness's own, past every proxy. The caller ends it. */
  connect(): Promise<pg.Client>;
  killBackend(pid: number): Promise<void>;
  /** While it is down: puts a copy of the server at this port in place of its data. Started again it follows as `configuration`, the text of its postgresql.conf, says. */
  becomeStandbyOf(port: number, configuration: string): Promise<void>;
}

/** Initialises the cluster that experiments copy. `password` guards it against other users of the machine: loopback is shared. */
export async function initialiseTemplate(part: PostgresPart, directory: string, password: string): Promise<string> {
  const template = join(directory, "postgres-template");
  await mkdir(template, { mode: 0o700 });
  await initialiseCluster(part, { data: template, directory, password });
  return template;
}

/** initdb in `data`, an empty folder; the password lies in `directory` meanwhile. */
export async function initialiseCluster(
  part: PostgresPart,
  { data, directory, password }: { readonly data: string; readonly directory: string; readonly password: string },
): Promise<void> {
  demandName(part);
  const passwordFile = join(directory, "postgres-password");
  await ownFile(part, passwordFile, password);
  await giveTo(part, data);
  const args = [
    "-D",
    data,
    "-U",
    superuser,
    "--pwfile",
    passwordFile,
    "--auth=scram-sha-256",
    "--no-sync",
    "--encoding=UTF8",
    "--locale=C",
    "--wal-segsize=4",
  ];
  await asOwner(part, join(part.path, "initdb"), args, directory).catch((error) => {
    throw new Error(`initdb was expected to make a cluster in ${data} and failed: ${messageOf(error)}`);
  });
}

const asOwner = (part: PostgresPart, command: string, args: string[], cwd: string): Promise<unknown> =>
  run(command, args, {
    cwd,
    env: { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", ...part.env },
    ...(part.uid === undefined ? {} : { uid: part.uid }),
    ...(part.gid === undefined ? {} : { gid: part.gid }),
  });

export async function startPostgres(options: {
  readonly part: PostgresPart;
  readonly template: string;
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly password: string;
  readonly marker: string;
  /** Its folder and its name; `postgres` when absent. */
  readonly name?: string;
  /** The text of its postgresql.conf, and whether it begins as a standby; the usual settings when absent. */
  readonly own?: { readonly configuration: string; readonly follows: boolean };
}): Promise<Postgres> {
  const { part, port, password, name = "postgres", own } = options;
  const data = join(options.directory, name);
  await ownFolder(part, data);
  await asOwner(part, "cp", ["-a", "--reflink=auto", `${options.template}/.`, data], options.directory);
  const file = join(data, "own.conf");
  const configure = async ({ configuration, follows }: NonNullable<typeof own>): Promise<void> => {
    await ownFile(part, file, configuration);
    if (follows) await ownFile(part, join(data, "standby.signal"), "");
  };
  if (own) await configure(own);
  const configured = own ? ["-c", `config_file=${file}`] : ["-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];

  let postmaster: Child | undefined;
  const connect = (): Promise<pg.Client> => connectPostgres({ port, password });
  const start = async (): Promise<void> => {
    postmaster = await startReady(
      {
        name,
        command: join(part.path, "postgres"),
        args: ["-D", data, ...configured],
        env: part.env,
        cwd: data,
        logFile: options.logFile,
        marker: options.marker,
        uid: part.uid,
        gid: part.gid,
      },
      {
        // A TCP connect is no proof: orphaned backends of a killed postmaster keep the listening socket for a while.
        what: `${name} was expected to answer SELECT 1 on 127.0.0.1:${port}`,
        probe: () => answersSelectOne(connect),
        withinMs: 30_000,
      },
    );
  };
  const stop = async (mode: StopMode, graceMs: number): Promise<string> => {
    if (!postmaster) return "not running";
    const child = postmaster;
    child.signal(stopSignals[mode]);
    // SIGINT turns a smart shutdown that nobody obeys into a fast one.
    const impatience = setTimeout(() => child.signal("SIGINT"), graceMs);
    const how = await child.ended;
    clearTimeout(impatience);
    await child[Symbol.asyncDispose]();
    postmaster = undefined;
    return how;
  };
  await start();
  return {
    port,
    password,
    start,
    stop,
    connect,
    directory: data,
    killBackend: async (pid) => void process.kill(pid, "SIGKILL"),
    async becomeStandbyOf(of, configuration) {
      await rm(data, { recursive: true });
      await ownFolder(part, data);
      const from = ["--host", "127.0.0.1", "--port", String(of), "--username", superuser, "--no-password"];
      const withPassword = { ...part, env: { ...part.env, PGPASSWORD: password } };
      const copy = ["--pgdata", data, "--checkpoint", "fast", "--no-sync"];
      await asOwner(withPassword, join(part.path, "pg_basebackup"), [...from, ...copy], options.directory);
      await configure({ configuration, follows: true });
    },
    pid: () => (postmaster?.outcome() === undefined ? postmaster?.pid : undefined),
    isRunning: () => postmaster !== undefined && postmaster.outcome() === undefined,
    async [Symbol.asyncDispose]() {
      await stop("immediate", 5000);
    },
  };
}

/** Default durability: what is measured here is what a user's server would do. No Unix socket: its path may be too long and nobody needs it. */
const settings = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=200",
  "jit=off",
  "shared_buffers=128MB",
  "log_checkpoints=off",
];

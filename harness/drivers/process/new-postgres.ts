/** A Postgres beside the deployment that is started for the first time, step by step, as the entry point of its image does it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answersSelectOne, connectPostgres, stopSignals } from "../dependency-clients.ts";
import type { NewPostgres } from "../stack.ts";
import { type Child, startChild } from "./child.ts";
import { giveTo } from "./owner.ts";
import { initialiseCluster, type PostgresPart } from "./postgres.ts";

/** Nobody listens, or whoever listens lets nobody in yet. */
const refusals = ["ECONNREFUSED", "57P03"];

/** Nothing exists yet but its port. Disposing ends it and removes its socket. */
export async function newPostgres(options: {
  readonly part: PostgresPart;
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly password: string;
  readonly marker: string;
}): Promise<NewPostgres & AsyncDisposable> {
  const { part, port, password, marker, logFile } = options;
  const data = await mkdtemp(join(options.directory, "new-postgres-"));
  // The path of a socket may have 107 characters.
  const socketDirectory = await mkdtemp(join(tmpdir(), "new-pg-"));
  await giveTo(part, socketDirectory);
  let server: Child | undefined;
  return {
    port,
    socketDirectory,
    async initialise() {
      await initialiseCluster(part, { data, directory: options.directory, password });
    },
    async start(listen) {
      const settings = [`listen_addresses=${listen ? "127.0.0.1" : ""}`, `unix_socket_directories=${socketDirectory}`, "shared_buffers=16MB"];
      server = await startChild({
        ...{ name: "new-postgres", cwd: data, logFile, marker, env: part.env, uid: part.uid, gid: part.gid },
        command: join(part.path, "postgres"),
        args: ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
      });
    },
    async stop(mode) {
      server?.signal(stopSignals[mode]);
      await server?.ended;
      await server?.[Symbol.asyncDispose]();
    },
    connect: (socket) => connectPostgres({ port, password }, socket ? socketDirectory : undefined),
    answers: () =>
      answersSelectOne(() => connectPostgres({ port, password })).then(
        () => true,
        // Whatever else is wrong, such as a machine on which nothing is answered in time, says nothing of the server.
        ({ code }) => (refusals.includes(code) ? false : undefined),
      ),
    async [Symbol.asyncDispose]() {
      await server?.[Symbol.asyncDispose]();
      await rm(socketDirectory, { recursive: true, force: true });
    },
  };
}

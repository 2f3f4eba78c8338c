/** A deployment of processes that is kept: found by the socket of its keeper, one for a user and a machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat } from "node:fs/promises";
import { request } from "node:http";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { until } from "../base/clock.ts";
import { exit, UserError } from "../base/errors.ts";
import type { Target } from "../core/target.ts";
import { startTimeOf } from "../drivers/process/identity.ts";
import { liveRuns } from "../drivers/process/run-state.ts";
import { provision } from "../provision/provision.ts";
import { provideCluster } from "../run/cluster-parts.ts";
import type { Kept } from "./kept.ts";
import { type Answer, type Order, type Question, socketName, type Told } from "./protocol.ts";

const keeper = fileURLToPath(new URL("keeper.ts", import.meta.url));
const endMs = 60_000;

interface Found {
  readonly directory: string;
  readonly pid: number;
}

export function keptProcesses(
  project: string,
  target: Target,
  options: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Kept {
  const { signal, say } = options;
  return {
    async up(counts, layout) {
      const found = await find();
      const topology = { ...target.topology, ...counts };
      return found ? ask(found, { counts: topology, layout }) : start({ project, target: target.id, topology, layout }, signal, say);
    },
    scale: async (counts) => ask(await there(), { counts }),
    status: async () => ask(await there(), {}),
    async logs(names, tail) {
      const logs = join((await there()).directory, "logs");
      const all = (await readdir(logs)).map((file) => basename(file, ".log")).sort();
      for (const name of names)
        if (!all.some((one) => isOf(one, name))) throw new UserError(`Nothing is called "${name}". There are: ${all.join(", ")}.`);
      const wanted = all.filter((one) => names.length === 0 || names.some((name) => isOf(one, name)));
      const texts = await Promise.all(wanted.map(async (name) => lastLines(name, await readFile(join(logs, `${name}.log`), "utf8"), tail)));
      return texts.join("").trimEnd();
    },
  };
}

/** `api` is all of its instances. */
const isOf = (part: string, name: string): boolean => part === name || part.replace(/-\d+$/, "") === name;

function lastLines(name: string, written: string, tail: number): string {
  const lines = written.trimEnd().split("\n").slice(-tail);
  return written.trim() === "" ? "" : lines.map((line) => `${name} | ${line}\n`).join("");
}

async function find(): Promise<Found | undefined> {
  const uid = process.getuid?.();
  for (const { directory, pid } of liveRuns()) {
    const socket = await stat(join(directory, socketName)).catch(() => undefined);
    if (socket?.isSocket() && (uid === undefined || socket.uid === uid)) return { directory, pid };
  }
  return undefined;
}

async function there(): Promise<Found> {
  const found = await find();
  if (found) return found;
  throw new UserError(
    "Expected a kept deployment of processes and found none. Start one with `runproof up`, or name the driver of the one that is kept (--driver compose).",
    exit.missing,
  );
}

async function start(order: Omit<Order, "parts">, signal: AbortSignal, say: (line: string) => void): Promise<string> {
  const options = { signal, onProgress: say };
  const provided = await provision(options);
  const cluster = await provideCluster([order], order.layout, provided.postgres, options);
  const parts = { ...provided, ...(cluster === undefined ? {} : { cluster }) };
  // In a session of its own: a terminal's Ctrl-C and its end are not meant for it.
  const child = spawn(process.execPath, [keeper], { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const ended = once(child, "exit");
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  try {
    await once(child, "spawn");
    child.send({ ...order, parts } satisfies Order);
    const told = await Promise.race([once(child, "message").then(([message]) => message as Told), ended.then(() => undefined)]);
    if (signal.aborted || told === undefined || "failed" in told) await ended;
    signal.throwIfAborted();
    if (told === undefined) throw new Error("The process that keeps the deployment was expected to say that it is up and ended instead.");
    if ("failed" in told) throw new UserError(told.failed, told.exit);
    return told.ready;
  } finally {
    signal.removeEventListener("abort", stop);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

async function ask({ directory }: Found, question: Question): Promise<string> {
  const call = request({ socketPath: join(directory, socketName), method: "POST", path: "/" });
  call.end(JSON.stringify(question));
  const [response] = (await once(call, "response")) as [NodeJS.ReadableStream];
  const answer = JSON.parse(await text(response)) as Answer;
  if ("failed" in answer) throw new UserError(answer.failed, answer.exit);
  return answer.status;
}

/** Ends it with its data. Resolves to whether there was one. */
export async function endKeptProcesses(): Promise<boolean> {
  let ended = false;
  for (let found = await find(); found !== undefined; found = await find()) {
    const { pid } = found;
    process.kill(pid, "SIGTERM");
    await until(`The process ${pid} was expected to take its deployment down`, () => (startTimeOf(pid) === undefined ? true : undefined), {
      withinMs: endMs,
    });
    ended = true;
  }
  return ended;
}

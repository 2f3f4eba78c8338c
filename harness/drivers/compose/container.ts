/** One service of the deployment that has one container: started, ended, paused and looked at through the engine. Where the container is made anew, the service keeps its name. */
import { readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { constants } from "node:os";
import type Docker from "dockerode";
import { until } from "../../base/clock.ts";
import { messageOf } from "../../base/errors.ts";
import { endOfLog } from "../process/child.ts";

export interface Container {
  readonly service: string;
  /** What the engine calls it now. */
  id(): string;
  /** Of its program on this machine, while it runs: the child where an init process looks after it. */
  pid(): number | undefined;
  /** Takes over the container that the engine has for the service now, and knows from then on how it ends. */
  adopt(): Promise<void>;
  start(): Promise<void>;
  /** Sends the signal to its first process. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** Sends the signal and waits for the end, then SIGKILL once `graceMs` have passed. Resolves with how it ended (`exit 0`, `signal SIGKILL`). */
  stop(first: NodeJS.Signals, graceMs: number): Promise<string>;
  ended(): Promise<string>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** `T` is paused; undefined when it does not run. */
  state(): Promise<string | undefined>;
  /** Its address in a network of its deployment. */
  addressIn(network: string): Promise<string>;
  /** Runs a command in it as its own user. Rejects when it ends with another status than 0. */
  exec(command: readonly string[]): Promise<void>;
  /** What it has written since it was made. */
  log(): Promise<string>;
  /** Adds what it has written to the file: to be called before the container goes. */
  saveLog(): Promise<void>;
}

export interface ContainerOptions {
  readonly docker: Docker;
  readonly project: string;
  readonly service: string;
  readonly logFile: string;
  /** Aborted when nobody looks after the deployment any more. */
  readonly signal: AbortSignal;
}

/** Waits until it is ready; a container that ends before that, or is not ready in time, makes this throw with the end of its log. */
export async function untilReady(
  container: Container,
  what: string,
  probe: () => Promise<boolean>,
  withinMs: number,
  logFile: string,
): Promise<void> {
  try {
    let early: string | undefined;
    void container.ended().then((how) => {
      early = how;
    });
    const seen = await until(what, async () => early ?? ((await probe()) ? "" : undefined), { withinMs, everyMs: 20 });
    if (seen !== "") throw new Error(`${what}, and it ended with ${seen}.`);
  } catch (error) {
    await container.saveLog();
    throw new Error(`${messageOf(error)} The end of its log:\n${endOfLog(logFile)}`);
  }
}

export function defineContainer({ docker, project, service, logFile, signal: over }: ContainerOptions): Container {
  let handle: Docker.Container | undefined;
  let running: { readonly pid: number; readonly ended: Promise<string> } | undefined;
  const there = (): Docker.Container => {
    if (handle === undefined) throw new Error(`The container of ${service} was expected to be there, and it was never made.`);
    return handle;
  };
  const watch = async (container: Docker.Container): Promise<void> => {
    const { State: state } = await container.inspect();
    if (!state.Running) {
      running = undefined;
      return;
    }
    const mine = {
      pid: state.Pid,
      // A question that stays open as long as the container runs.
      ended: container.wait({ abortSignal: over }).then(
        ({ StatusCode: code }: { StatusCode: number }) => outcome(code),
        () => "gone",
      ),
    };
    running = mine;
    void mine.ended.then(() => {
      if (running === mine) running = undefined;
    });
  };
  const log = async (): Promise<string> => (handle === undefined ? "" : textOf(await handle.logs({ stdout: true, stderr: true })));
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    if (running) await there().kill({ signal: name }).catch(ignoreEnded);
  };
  return {
    service,
    id: () => there().id,
    pid: () => running && programOf(running.pid),
    async adopt() {
      const filters = JSON.stringify({ label: [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`] });
      const [found] = await docker.listContainers({ all: true, filters });
      if (found === undefined) throw new Error(`The container of ${service} was expected to be made and there is none.`);
      handle = docker.getContainer(found.Id);
      await watch(handle);
    },
    async start() {
      await there().start();
      await watch(there());
    },
    signal,
    async stop(first, graceMs) {
      const ended = running?.ended;
      if (ended === undefined) return "not running";
      await signal(first);
      const timer = setTimeout(() => void signal("SIGKILL"), graceMs);
      const how = await ended;
      clearTimeout(timer);
      return how;
    },
    ended: () => running?.ended ?? Promise.resolve("not running"),
    pause: () => there().pause(),
    resume: () => there().unpause(),
    async state() {
      if (!running) return undefined;
      const { State: state } = await there().inspect();
      return state.Paused ? "T" : state.Running ? "R" : undefined;
    },
    async addressIn(network) {
      const { NetworkSettings: settings } = await there().inspect();
      const address = settings.Networks[`${project}_${network}`]?.IPAddress;
      if (!address) throw new Error(`${service} was expected to have an address in the network ${network} and has none.`);
      return address;
    },
    async exec(command) {
      const made = await there().exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
      const stream = await made.start({});
      for await (const _chunk of stream.resume());
      const { ExitCode: status } = await made.inspect();
      if (status !== 0) throw new Error(`${command.join(" ")} was expected to succeed in ${service} and ended with ${status}.`);
    },
    log,
    saveLog: async () => appendFile(logFile, await log()).catch(() => {}),
  };
}

/** It ended between our look and our word. */
function ignoreEnded(error: { readonly statusCode?: number }): void {
  if (error.statusCode !== 409 && error.statusCode !== 404) throw error;
}

const signals = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** A shell's way of telling a signal: 128 more than its number. */
export function outcome(code: number): string {
  const signal = signals.get((code - 128) as never);
  return code > 128 && signal !== undefined ? `signal ${signal}` : `exit ${code}`;
}

/** The one child of an init process, else the process itself. */
function programOf(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
    const isInit = /init|tini/.test(readFileSync(`/proc/${pid}/comm`, "utf8"));
    return isInit && children[0] ? children[0] : pid;
  } catch {
    return pid;
  }
}

/** What was written to both streams, in the engine's frames of 8 bytes (stream, length) and text. */
export function textOf(frames: Buffer): string {
  let text = "";
  for (let at = 0; at + 8 <= frames.length; at += 8 + frames.readUInt32BE(at + 4))
    text += frames.toString("utf8", at + 8, at + 8 + frames.readUInt32BE(at + 4));
  return text;
}

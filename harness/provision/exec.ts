/** Running programs: output captured, deadline always, the whole process group ended on abort or time-out. */
import { spawn } from "node:child_process";

export interface Ran {
  /** Exit status; 128 + n when a signal ended it, -1 when it could not be started. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it failed, in few words: the start error, the time-out or the last line it wrote. */
  readonly why: string;
}

export interface RunOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly cwd?: string | undefined;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

const kept = 200_000;
const graceMs = 2000;

/** Runs a program to its end. Rejects only when the signal aborts; anything else is in the answer. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  options.signal?.throwIfAborted();
  // A group of its own, so that what it started (compilers, apt's methods) ends with it.
  const child = spawn(command, args, {
    detached: true,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  let [stdout, stderr, problem] = ["", "", ""];
  const collect = (stream: NodeJS.ReadableStream, add: (text: string) => void): void => {
    stream.setEncoding("utf8");
    stream.on("data", add);
  };
  collect(child.stdout, (text) => {
    stdout = (stdout + text).slice(-kept);
  });
  collect(child.stderr, (text) => {
    stderr = (stderr + text).slice(-kept);
  });
  const end = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group has ended already.
    }
  };
  const timer = setTimeout(() => {
    problem = `no end within ${options.deadlineMs / 1000} s`;
    end("SIGKILL");
  }, options.deadlineMs);
  // Politely first: go and apt remove their temporary files when interrupted.
  let abandon: NodeJS.Timeout | undefined;
  const abort = (): void => {
    end("SIGINT");
    abandon = setTimeout(() => end("SIGKILL"), graceMs);
  };
  const exit = (): void => end("SIGKILL");
  options.signal?.addEventListener("abort", abort, { once: true });
  process.once("exit", exit);
  const status = await new Promise<number>((resolve) => {
    child.on("error", (error) => {
      problem = error.message;
      resolve(-1);
    });
    child.on("close", (code, signal) => resolve(code ?? (signal === null ? -1 : 128 + (signalNumbers[signal] ?? 9))));
  });
  clearTimeout(timer);
  clearTimeout(abandon);
  options.signal?.removeEventListener("abort", abort);
  process.removeListener("exit", exit);
  options.signal?.throwIfAborted();
  return { status, stdout, stderr, why: problem || lastLine(stderr) || lastLine(stdout) || `exit status ${status}` };
}

const signalNumbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim().slice(0, 300) ?? "";
}

/** Runs a program that has to succeed; throws one sentence otherwise. */
export async function mustRun(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const ran = await run(command, args, options);
  const verb = args.find((argument) => /^[a-z]+$/.test(argument)) ?? "";
  if (ran.status !== 0) throw new Error(`${`${command} ${verb}`.trim()} failed: ${ran.why.replace(/\.$/, "")}`);
  return ran;
}

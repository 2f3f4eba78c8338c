/**
 * Loopback ports below the range the kernel gives to outgoing connections, so that an instance can keep its port over restarts.
 * A lock file per port keeps two suites on one machine apart; a lock whose owner is dead is taken over.
 */
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../base/errors.ts";
import { isSameProcess, startTimeOf } from "./identity.ts";

const first = 10_000;
const last = 31_999;

const folder = (): string => join(tmpdir(), "runproof-ports");
const lockOf = (port: number): string => join(folder(), String(port));

export interface Ports extends Disposable {
  /** A port nobody listens on, reserved for us until disposal. */
  take(): Promise<number>;
}

export function openPorts(): Ports {
  const previous = process.umask(0);
  mkdirSync(folder(), { recursive: true, mode: 0o1777 });
  process.umask(previous);
  const mine: number[] = [];
  // Start somewhere that depends on the process, so that two suites rarely try the same port first.
  let next = first + ((process.pid * 97) % (last - first));
  return {
    async take() {
      for (let tries = 0; tries <= last - first; tries++) {
        const port = next;
        next = next >= last ? first : next + 1;
        if (!lock(port)) continue;
        if (await isFree(port)) {
          mine.push(port);
          return port;
        }
        unlinkSync(lockOf(port));
      }
      throw new UserError(
        `No free port between ${first} and ${last} was found on 127.0.0.1. End what listens there (runproof down removes what dead runs left), then run again.`,
        69,
      );
    },
    [Symbol.dispose]() {
      for (const port of mine.splice(0)) unlinkSync(lockOf(port));
    },
  };
}

function lock(port: number): boolean {
  try {
    const file = openSync(lockOf(port), "wx", 0o644);
    writeSync(file, `${process.pid} ${startTimeOf(process.pid) ?? ""}`);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return releaseIfDead(port) && lock(port);
  }
}

/** Removes the locks of owners that are gone. */
export function releaseDeadPorts(): void {
  if (!existsSync(folder())) return;
  for (const name of readdirSync(folder())) releaseIfDead(Number(name));
}

/** True when the lock's owner is gone and its lock was removed. */
function releaseIfDead(port: number): boolean {
  try {
    const [pid, startTime] = readFileSync(lockOf(port), "utf8").split(" ");
    // An empty file is a lock being written this very moment.
    if (!pid || isSameProcess(Number(pid), startTime ?? "")) return false;
    unlinkSync(lockOf(port));
    return true;
  } catch {
    return false;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

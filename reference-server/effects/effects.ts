/**
 * The external effect service: newline-delimited JSON, every report acknowledged. One connection for one attempt or one critical section,
 * so that its end, however it comes, is the end of the work.
 */
import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { settledWithin } from "../clock.ts";

const connectTimeoutMs = 1000;
const ackTimeoutMs = 5000;
const leaveTimeoutMs = 500;

/** The service could not be reached or did not acknowledge. Another attempt may succeed. */
export class EffectsUnavailable extends Error {}

export interface Effects extends AsyncDisposable {
  /** Enters the work; resolves when acknowledged. */
  enter(): Promise<void>;
  /** Performs step 1, 2, 3, ...; resolves when acknowledged. */
  step(step: number): Promise<void>;
  /** Leaves in any state, without an error: exit if it can be said, and the end of the connection in any case. Nothing can be reported after it. Repeating it is harmless. */
  leave(): Promise<void>;
}

export interface Work {
  /** An attempt of a run, or a critical section under a lock. */
  readonly scope: "run" | "lock";
  readonly subject: string;
  /** The attempt's number or the lock's token. */
  readonly token: number;
}

const nothing: Effects = {
  enter: async () => {},
  step: async () => {},
  leave: async () => {},
  [Symbol.asyncDispose]: async () => {},
};

async function dial(address: { host: string; port: number }): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true, keepAlive: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => socket.destroy(new Error("no connection in time")), connectTimeoutMs);
  socket.once("connect", resolve);
  socket.once("error", reject);
  try {
    await promise;
  } catch (error) {
    throw new EffectsUnavailable(`The effect service could not be reached: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    clearTimeout(timer);
  }
  return socket;
}

/** Opens the connection of one piece of work; where there is no effect service every report succeeds. Throws EffectsUnavailable. */
export async function openEffects(address: { host: string; port: number } | undefined, work: Work): Promise<Effects> {
  if (!address) return nothing;
  const socket = await dial(address);
  const waiting = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  let entered = false;
  let left = false;
  socket.on("error", () => {});
  void closed.then(() => {
    for (const { reject } of waiting.values()) reject(new EffectsUnavailable("The effect service closed the connection before it acknowledged."));
    waiting.clear();
  });
  let unread = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (unread + chunk).split("\n");
    unread = lines.pop() ?? "";
    for (const line of lines) {
      const nonce = /"nonce"\s*:\s*"([^"]+)"/.exec(line)?.[1] ?? "";
      waiting.get(nonce)?.resolve();
      waiting.delete(nonce);
    }
  });

  const report = async (kind: "enter" | "step" | "exit", step: number): Promise<void> => {
    if (left || socket.destroyed) throw new EffectsUnavailable("The effect service cannot be told: the connection is closed.");
    entered = true;
    left = kind === "exit";
    const nonce = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.set(nonce, { resolve, reject });
    const timer = setTimeout(() => reject(new EffectsUnavailable(`The effect service did not acknowledge within ${ackTimeoutMs} ms.`)), ackTimeoutMs);
    socket.write(`${JSON.stringify({ kind, ...work, step, nonce })}\n`);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  };

  const leave = async (): Promise<void> => {
    // Stopped between the dial and the first report: there is nothing to leave.
    if (entered && !left) await settledWithin(report("exit", 0), leaveTimeoutMs);
    socket.end();
    if (!(await settledWithin(closed, leaveTimeoutMs))) socket.destroy();
    await closed;
  };

  return {
    enter: () => report("enter", 0),
    step: (step) => report("step", step),
    leave,
    [Symbol.asyncDispose]: leave,
  };
}

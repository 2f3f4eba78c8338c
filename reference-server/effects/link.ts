/** A connection to the external effect service: newline-delimited JSON, every report acknowledged by its nonce. What is reported in one turn of the event loop goes out in one write. */
import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { monotonicMs } from "../clock.ts";

const connectTimeoutMs = 1000;
const ackTimeoutMs = 5000;

/** The service could not be reached or did not acknowledge. Another attempt may succeed. */
export class EffectsUnavailable extends Error {}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface EffectsLink extends Disposable {
  isOpen(): boolean;
  /** Sends the report with a nonce of its own; resolves when it is acknowledged. Throws EffectsUnavailable once the connection is closed, which is when a report was not acknowledged within 5 s. */
  report(report: object): Promise<void>;
}

interface Waiting extends PromiseWithResolvers<void> {
  readonly sentAtMs: number;
}

async function dial(address: Address): Promise<Socket> {
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

/** Connects. Throws EffectsUnavailable. */
export async function openLink(address: Address): Promise<EffectsLink> {
  const socket = await dial(address);
  /** The oldest first. */
  const waiting = new Map<string, Waiting>();
  let unsent = "";
  let unread = "";
  let overdue: NodeJS.Timeout | undefined;
  socket.on("error", () => {});
  socket.once("close", () => {
    clearTimeout(overdue);
    for (const { reject } of waiting.values()) reject(new EffectsUnavailable("The effect service closed the connection before it acknowledged."));
    waiting.clear();
  });
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (unread + chunk).split("\n");
    unread = lines.pop() ?? "";
    for (const line of lines) {
      const nonce = /"nonce"\s*:\s*"([^"]+)"/.exec(line)?.[1] ?? "";
      waiting.get(nonce)?.resolve();
      waiting.delete(nonce);
    }
  });
  /** One timer for all reports: it looks at the oldest. A service that does not answer one of them is dialled again. */
  const watch = (): void => {
    const [oldest] = waiting.values();
    overdue = undefined;
    if (!oldest) return;
    const leftMs = oldest.sentAtMs + ackTimeoutMs - monotonicMs();
    if (leftMs <= 0) socket.destroy();
    else overdue = setTimeout(watch, leftMs);
  };
  const send = (): void => {
    const lines = unsent;
    unsent = "";
    if (lines !== "" && !socket.destroyed) socket.write(lines);
  };
  const isOpen = (): boolean => !socket.destroyed && socket.readable;
  return {
    isOpen,
    report(report) {
      if (!isOpen()) return Promise.reject(new EffectsUnavailable("The effect service cannot be told: the connection is closed."));
      const nonce = randomUUID();
      const waits = { ...Promise.withResolvers<void>(), sentAtMs: monotonicMs() };
      waiting.set(nonce, waits);
      overdue ??= setTimeout(watch, ackTimeoutMs);
      if (unsent === "") setImmediate(send);
      unsent += `${JSON.stringify({ ...report, nonce })}\n`;
      return waits.promise;
    },
    [Symbol.dispose]() {
      send();
      socket.destroySoon();
    },
  };
}

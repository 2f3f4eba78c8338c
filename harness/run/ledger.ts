/**
 * The judge's ledger: instances report every external effect here, before and after it. One observer stamps one total order, outside the
 * faulty network. It records and never refuses, unless a fault has it take nothing from an instance: what it does not take has not happened. Each instance has an address of its own, so an instance cannot claim to be another.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { LedgerEntry } from "../core/records.ts";
import type { AtWork } from "../faults/fault.ts";

export interface Ledger extends AtWork, AsyncDisposable {
  /** The address (host:port) that `instance` is to report to; `host`: of this machine, as the instance reaches it. */
  addressFor(instance: string, host?: string): Promise<string>;
}

/**
 * One report as it comes over the wire, a JSON line; answered by `{"nonce"}` once it is stamped. A connection reports one piece of work, or several, each under a `section`
 * of its own.
 */
interface Report {
  readonly kind: "enter" | "step" | "exit";
  readonly scope: "run" | "lock";
  readonly subject: string;
  readonly token: number;
  readonly step: number;
  readonly nonce: string;
  readonly section: string;
}

const longestLine = 4096;

export function openLedger(clock: Clock, journal: Journal<LedgerEntry>): Ledger {
  const servers = new Map<string, Server>();
  const sockets = new Set<Socket>();
  const sections = new Map<string, LedgerEntry>();
  /** Instances that nothing is taken from, and how often that showed. */
  const refused = new Map<string, number>();
  let seq = 0;
  let connections = 0;

  const record = (entry: Omit<LedgerEntry, "seq" | "time">): LedgerEntry => {
    const stamped = { seq: seq++, time: clock.now(), ...entry };
    journal.write(stamped);
    return stamped;
  };

  const refuse = (instance: string, socket: Socket): boolean => {
    const times = refused.get(instance);
    if (times === undefined) return false;
    refused.set(instance, times + 1);
    socket.destroy();
    return true;
  };

  const serve = (instance: string) => (socket: Socket) => {
    if (
      refuse(
        instance,
        socket.on("error", () => {}),
      )
    )
      return;
    const connection = `${instance}#${connections++}`;
    /** What was entered over this connection and not left. */
    const inside = new Set<string>();
    sockets.add(socket);
    socket.setNoDelay(true);
    let rest = "";
    socket.on("data", (chunk) => {
      if (refuse(instance, socket)) return;
      rest += chunk;
      let answer = "";
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        const report = parse(rest.slice(0, end));
        rest = rest.slice(end + 1);
        if (!report) return socket.destroy();
        const section = report.section === "" ? connection : `${connection}/${report.section}`;
        const entry = record({ ...report, instance, section });
        if (entry.kind === "enter") {
          sections.set(section, entry);
          inside.add(section);
        }
        if (entry.kind === "exit") {
          sections.delete(section);
          inside.delete(section);
        }
        answer += `{"nonce":${JSON.stringify(report.nonce)}}\n`;
      }
      if (answer !== "") socket.write(answer);
      if (rest.length > longestLine) socket.destroy();
    });
    socket.on("error", () => {}); // A killed holder resets; "close" follows and says what it means.
    socket.on("close", () => {
      sockets.delete(socket);
      for (const section of inside) {
        const left = sections.get(section);
        sections.delete(section);
        if (left) record({ kind: "closed", scope: left.scope, subject: left.subject, token: left.token, instance, section, step: 0, nonce: "" });
      }
    });
  };

  return {
    async addressFor(instance, host = "127.0.0.1") {
      let server = servers.get(instance);
      if (!server) {
        server = createServer(serve(instance));
        servers.set(instance, server);
        await new Promise<void>((resolve, reject) => server?.listen(0, host, resolve).once("error", reject));
      }
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error(`The ledger was expected to listen for ${instance} and has no port.`);
      return `${address.address}:${address.port}`;
    },
    working: (instance) =>
      [...sections.values()]
        .filter((entry) => entry.instance === instance)
        .map((entry) => `${entry.scope} ${entry.subject} ${entry.scope === "run" ? "attempt" : "token"} ${entry.token}`),
    open: (scope) => [...sections.values()].filter((entry) => entry.scope === scope).reverse(),
    ageOf: (entry) => clock.now() - entry.time,
    refuse(instance) {
      let times = 0;
      refused.set(instance, 0);
      return {
        refused: () => refused.get(instance) ?? times,
        end() {
          times = refused.get(instance) ?? times;
          refused.delete(instance);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      const closed = [...servers.values()].map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

function parse(line: string): Report | undefined {
  try {
    const { kind, scope, subject, token, step, nonce, section = "" } = JSON.parse(line) as Omit<Report, "section"> & Partial<Report>;
    const valid =
      ["enter", "step", "exit"].includes(kind) &&
      ["run", "lock"].includes(scope) &&
      Number.isInteger(token) &&
      typeof subject === "string" &&
      typeof nonce === "string" &&
      typeof section === "string";
    return valid ? { kind, scope, subject, token, step: Number.isInteger(step) ? step : 0, nonce, section } : undefined;
  } catch {
    return undefined;
  }
}

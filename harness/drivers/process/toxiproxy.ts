/**
 * Proxies on the edges that an experiment faults. The client library has no time-outs and its errors hide the server's text, so every
 * call goes through `within`: toxiproxy's control API can hang when an upstream dial hangs.
 */
import { Toxiproxy as Client, type Proxy as ProxyHandle, type Timeout, type Toxic } from "toxiproxy-node-client";
import { messageOf } from "../../base/errors.ts";
import { startReady } from "./child.ts";
import type { Ports } from "./ports.ts";

const callLimitMs = 5000;

/** One proxied edge. */
interface Edge {
  readonly name: string;
  /** Where its clients connect. */
  readonly port: number;
  /** Bytes vanish in both directions, connections stay open: a partition. */
  blackHole(): Promise<void>;
  /** Removes every toxic; connections that were black-holed close now. */
  clear(): Promise<void>;
}

export interface Toxiproxy extends AsyncDisposable {
  addEdge(name: string, upstreamPort: number): Promise<Edge>;
}

export async function startToxiproxy(options: {
  readonly part: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly directory: string;
  readonly logFile: string;
  readonly ports: Ports;
  readonly marker: string;
}): Promise<Toxiproxy> {
  const port = await options.ports.take();
  const client = new Client(`http://127.0.0.1:${port}`);
  const child = await startReady(
    {
      name: "toxiproxy",
      command: options.part.path,
      args: ["-host", "127.0.0.1", "-port", String(port)],
      env: { ...options.part.env, LOG_LEVEL: "warn" },
      cwd: options.directory,
      logFile: options.logFile,
      marker: options.marker,
    },
    {
      what: `Toxiproxy was expected to answer on 127.0.0.1:${port}`,
      probe: async () => (await within("tell its version", client.getVersion())) !== "",
      withinMs: 10_000,
    },
  );
  return {
    async addEdge(name, upstreamPort) {
      const listen = await options.ports.take();
      const proxy: ProxyHandle = await within(
        `create the proxy ${name}`,
        client.createProxy({ name, listen: `127.0.0.1:${listen}`, upstream: `127.0.0.1:${upstreamPort}`, enabled: true }),
      );
      const toxics: Toxic<Timeout>[] = [];
      return {
        name,
        port: listen,
        async blackHole() {
          for (const stream of ["upstream", "downstream"] as const) {
            const toxic = { name: `black-hole-${stream}`, type: "timeout", stream, toxicity: 1, attributes: { timeout: 0 } } as const;
            toxics.push(await within(`black-hole ${name}`, proxy.addToxic<Timeout>(toxic)));
          }
        },
        async clear() {
          for (const toxic of toxics.splice(0)) await within(`remove ${toxic.name} from ${name}`, toxic.remove());
        },
      };
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

async function within<T>(what: string, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Toxiproxy was expected to ${what} within ${callLimitMs} ms and did not answer.`)), callLimitMs);
  });
  try {
    return await Promise.race([call, limit]);
  } catch (error) {
    throw new Error(`Toxiproxy was asked to ${what} and failed: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

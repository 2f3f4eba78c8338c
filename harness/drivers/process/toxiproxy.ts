/**
 * Proxies on the edges that an experiment faults. The client library has no time-outs and its errors hide the server's text, so every
 * call goes through `ask`: toxiproxy's control API can hang when an upstream dial hangs.
 */
import { Toxiproxy as Client, type Proxy as ProxyHandle } from "toxiproxy-node-client";
import { within } from "../../base/clock.ts";
import { messageOf } from "../../base/errors.ts";
import type { StackEdge } from "../stack.ts";
import { startReady } from "./child.ts";
import type { Ports } from "./ports.ts";

const callLimitMs = 5000;

/** One proxied edge, and where its clients connect. */
interface Edge extends Pick<StackEdge, "name" | "addToxic" | "setOpen" | "cutBehind"> {
  readonly port: number;
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
      probe: async () => (await ask("tell its version", client.getVersion())) !== "",
      withinMs: 10_000,
    },
  );
  const addProxy = async (name: string, upstreamPort: number): Promise<{ readonly port: number; readonly proxy: ProxyHandle }> => {
    const listen = await options.ports.take();
    const body = { name, listen: `127.0.0.1:${listen}`, upstream: `127.0.0.1:${upstreamPort}`, enabled: true };
    return { port: listen, proxy: await ask(`create the proxy ${name}`, client.createProxy(body)) };
  };
  return {
    // Two proxies in a row: the second can lose its connections while the first still holds its own.
    async addEdge(name, upstreamPort) {
      const behind = await addProxy(`${name} (behind)`, upstreamPort);
      const { port, proxy } = await addProxy(name, behind.port);
      const setEnabled = async (of: ProxyHandle, enabled: boolean): Promise<void> => {
        await ask(`${enabled ? "enable" : "disable"} ${of.name}`, of.update({ enabled, listen: of.listen, upstream: of.upstream }));
      };
      let toxics = 0;
      return {
        name,
        port,
        async addToxic({ type, stream, attributes }) {
          const body = { name: `${type}-${++toxics}`, type, stream, toxicity: 1, attributes };
          const toxic = await ask(`add ${type} to ${name}`, proxy.addToxic(body));
          return () => ask(`remove ${body.name} from ${name}`, toxic.remove());
        },
        setOpen: (open) => setEnabled(proxy, open),
        async cutBehind() {
          await setEnabled(behind.proxy, false);
          await setEnabled(behind.proxy, true);
        },
      };
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

async function ask<T>(what: string, call: Promise<T>): Promise<T> {
  try {
    return await within("An answer was expected", callLimitMs, call);
  } catch (error) {
    throw new Error(`Toxiproxy was asked to ${what} and failed: ${messageOf(error)}`);
  }
}

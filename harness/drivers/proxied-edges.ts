/**
 * Proxies on the edges that an experiment faults. The client library has no time-outs and its errors hide the server's text, so every
 * call goes through `ask`: toxiproxy's control API can hang when an upstream dial hangs.
 */
import { Toxiproxy as Client, type Proxy as ProxyHandle } from "toxiproxy-node-client";
import { within } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import { closesAfterMs, dial, type Place, type probePostgres, type probeRedis } from "./edge-probe.ts";
import type { StackEdge } from "./stack.ts";

const callLimitMs = 5000;

/** One proxied edge, and where its clients connect. */
export interface Edge extends Pick<StackEdge, "name" | "addToxic" | "setOpen" | "cutBehind" | "leadTo"> {
  readonly port: number;
}

export interface ToxiproxyServer {
  /** host:port of its control API. */
  readonly control: string;
  /** Where it is to listen for clients: its own word for all who may come, and a free port. */
  readonly listen: string;
  takePort(): Promise<number>;
}

/** Whether it answers; rejects when it does not. */
export async function answersVersion({ control }: Pick<ToxiproxyServer, "control">): Promise<boolean> {
  return (await ask("tell its version", new Client(`http://${control}`).getVersion())) !== "";
}

/** Makes a proxied edge that leads to `upstream` (host:port, as the server sees it). */
export function edgeMaker(server: ToxiproxyServer): (name: string, upstream: string) => Promise<Edge> {
  const client = new Client(`http://${server.control}`);
  const addProxy = async (name: string, upstream: string): Promise<{ readonly port: number; readonly proxy: ProxyHandle }> => {
    const port = await server.takePort();
    const body = { name, listen: `${server.listen}:${port}`, upstream, enabled: true };
    return { port, proxy: await ask(`create the proxy ${name}`, client.createProxy(body)) };
  };
  // Two proxies in a row: the second can lose its connections while the first still holds its own.
  return async (name, upstream) => {
    const behind = await addProxy(`${name} (behind)`, upstream);
    const { port, proxy } = await addProxy(name, `127.0.0.1:${behind.port}`);
    let target = upstream;
    const setEnabled = async (of: ProxyHandle, enabled: boolean): Promise<void> => {
      const to = of === behind.proxy ? target : of.upstream;
      await ask(`${enabled ? "enable" : "disable"} ${of.name}`, of.update({ enabled, listen: of.listen, upstream: to }));
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
      async leadTo(upstream) {
        target = upstream;
        await setEnabled(behind.proxy, true);
      },
    };
  };
}

/** The edge as faults see it: `reach` is where the harness finds it. */
export function stackEdge(edge: Edge, reach: Place, probe: ReturnType<typeof probePostgres | typeof probeRedis>): StackEdge {
  return {
    ...{ name: edge.name, addToxic: edge.addToxic, setOpen: edge.setOpen, cutBehind: edge.cutBehind, leadTo: edge.leadTo },
    dial: (withinMs) => dial(reach, probe.firstWords, withinMs),
    closesAfterMs: (withinMs) => closesAfterMs(reach, probe.firstWords, withinMs),
    openProbe: (withinMs) => probe.open(reach, withinMs),
  };
}

async function ask<T>(what: string, call: Promise<T>): Promise<T> {
  try {
    return await within("An answer was expected", callLimitMs, call);
  } catch (error) {
    throw new Error(`Toxiproxy was asked to ${what} and failed: ${messageOf(error)}`);
  }
}

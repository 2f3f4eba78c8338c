/** Instances that note what they get, and a client that chooses the address it comes from. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createListener } from "node:net";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The client's own address: any of 127.0.0.0/8. */
  readonly from?: string;
}

/** One request on a connection of its own. Rejects when the connection breaks or nothing came for 15 s. */
export function ask(port: number, path: string, { method = "GET", headers = {}, body, from = "127.0.0.1" }: Asking = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, localAddress: from, agent: false, timeout: 15_000 }, async (response) => {
      try {
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      } catch (error) {
        reject(error);
      }
    });
    asked.on("timeout", () => asked.destroy(new Error(`Expected an answer to ${method} ${path} within 15 s.`)));
    asked.on("error", reject);
    asked.end(body);
  });
}

export interface Upstream extends AsyncDisposable {
  readonly name: string;
  /** host:port */
  readonly address: string;
  /** "GET /path" of each request, in order of arrival. */
  readonly received: readonly string[];
  /** The listener, for upgrades. */
  readonly server: ReturnType<typeof createServer>;
  /** Stops listening and breaks what is open; `start` listens on the same port again. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Outgoing connections use ports of 127.0.0.1: on another address a port stays free while its instance is stopped. */
const ownAddress = "127.0.9.1:0";

type Answering = (incoming: IncomingMessage, response: ServerResponse) => void;

/** An instance that answers with its name in the body and in X-Instance-Id, or as `answer` says. */
export async function startUpstream(name: string, options: { readonly answer?: Answering; readonly address?: string } = {}): Promise<Upstream> {
  const received: string[] = [];
  const server = createServer((incoming, response) => {
    received.push(`${incoming.method} ${incoming.url}`);
    response.setHeader("X-Instance-Id", name);
    if (options.answer) options.answer(incoming, response);
    else incoming.resume().on("end", () => response.end(name));
  });
  const [hostname = "", wanted] = (options.address ?? ownAddress).split(":");
  let port = Number(wanted);
  const start = async (): Promise<void> => {
    server.listen(port, hostname);
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await start();
  return { name, address: `${hostname}:${port}`, received, server, stop, start, [Symbol.asyncDispose]: stop };
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createListener();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createListener } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const nginx = process.env.TEST_NGINX ?? "";

/** Two instances: what they have received, and what they do with it. */
interface Upstream {
  readonly server: Server;
  readonly port: number;
  readonly received: string[];
}

/** The first instance to get a path that begins with /break breaks off; whoever gets it next answers. */
const broken = new Set<string>();

async function answer(upstream: Pick<Upstream, "received">, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = incoming.url ?? "";
  let body = "";
  for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
  upstream.received.push(`${incoming.method} ${url} ${body.length}`);
  if (url.startsWith("/break") && !broken.has(url)) {
    broken.add(url);
    incoming.socket.destroy();
  } else if (url === "/events") {
    response.writeHead(200, { "content-type": "text/event-stream" }).write("id: 1\n\n");
    setTimeout(() => response.end("id: 2\n\n"), 500);
  } else {
    response.end(body);
  }
}

async function startUpstream(): Promise<Upstream> {
  const received: string[] = [];
  const server = createServer((incoming, response) => void answer({ received }, incoming, response));
  server.on("upgrade", (incoming, socket) => {
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${incoming.headers.upgrade}\r\n\r\n`);
  });
  return { server, port: await listen(server), received };
}

async function listen(server: Pick<Server, "listen" | "address" | "once">): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server as Server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("Expected a listening port and found none.");
  return address.port;
}

async function freePort(): Promise<number> {
  const probe = createListener();
  const port = await listen(probe as unknown as Server);
  probe.close();
  await once(probe, "close");
  return port;
}

describe.skipIf(nginx === "")("the balancer's configuration (needs TEST_NGINX, the path of an nginx)", () => {
  let directory: string;
  let upstreams: Upstream[];
  let child: ChildProcess;
  let base: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "balancer-"));
    upstreams = [await startUpstream(), await startUpstream()];
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const template = await readFile(new URL("nginx.conf.template", import.meta.url), "utf8");
    // Nobody is ejected: these tests break more connections than that would allow.
    const servers = upstreams.map((upstream) => `server 127.0.0.1:${upstream.port} max_fails=0;`).join("\n");
    const text = template.replaceAll("{{listen}}", `127.0.0.1:${port}`).replaceAll("{{upstreams}}", servers).replaceAll("{{directory}}", directory);
    const file = join(directory, "nginx.conf");
    await writeFile(file, text);
    child = spawn(nginx, ["-p", directory, "-e", join(directory, "error.log"), "-c", file], { stdio: "ignore" });
    for (let tries = 0; tries < 200; tries++) {
      if (await fetch(base).catch(() => undefined)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`Expected nginx to answer within 5 s. Its log: ${await readFile(join(directory, "error.log"), "utf8")}`);
  });
  afterAll(async () => {
    if (child) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    for (const { server } of upstreams ?? []) {
      server.closeAllConnections();
      server.close();
    }
    if (directory) await rm(directory, { recursive: true });
  });
  const deliveries = (path: string): string[] => upstreams.flatMap(({ received }) => received).filter((line) => line.includes(`${path} `));

  it.each(["PUT", "PATCH", "DELETE", "POST"])("delivers %s without a key once and says that it failed", async (method) => {
    const path = `/break-${method}`;
    expect((await fetch(base + path, { method, ...(method === "DELETE" ? {} : { body: "x" }) })).status).toBe(502);
    expect(deliveries(path)).toHaveLength(1);
  });

  it("sends a POST with a key to the next instance, with its whole body", async () => {
    const body = "x".repeat(100_000);
    const response = await fetch(`${base}/break-keyed`, { method: "POST", body, headers: { "Idempotency-Key": "k" } });
    expect([response.status, (await response.text()).length]).toEqual([200, 100_000]);
    expect(deliveries("/break-keyed")).toEqual(["POST /break-keyed 100000", "POST /break-keyed 100000"]);
  });

  it("sends a read to the next instance", async () => {
    expect((await fetch(`${base}/break-read`)).status).toBe(200);
    expect(deliveries("/break-read")).toHaveLength(2);
  });

  it("passes events as they come", async () => {
    const response = await fetch(`${base}/events`);
    const startedMs = performance.now();
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("id: 1\n\n");
    expect(performance.now() - startedMs).toBeLessThan(300);
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("id: 2\n\n");
  });

  it("passes an upgrade", async () => {
    const asked = request(`${base}/socket`, { headers: { Connection: "Upgrade", Upgrade: "websocket" } }).end();
    const [response] = (await once(asked, "upgrade", { signal: AbortSignal.timeout(5000) })) as [IncomingMessage];
    expect([response.statusCode, response.headers.upgrade]).toEqual([101, "websocket"]);
  });

  it("logs each arrival with the instances that were tried", async () => {
    const log = await readFile(join(directory, "access.log"), "utf8");
    expect(log).toMatch(/^\d+\.\d{3} POST "\/break-keyed" 200 "127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+" "502, 200" \d+\.\d{3}$/m);
  });
});

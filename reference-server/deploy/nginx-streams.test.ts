import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startUpstream, type Upstream } from "../testing/http.ts";
import { noNginx, startNginx } from "../testing/nginx.ts";
import { eventually } from "../testing/services.ts";

/** The second event of a path comes when the test says so. */
const release = new Map<string, () => void>();

function answer(incoming: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" }).write("id: 1\n\n");
  release.set(incoming.url ?? "", () => response.end("id: 2\n\n"));
}

/** The least of a WebSocket server: greets, and pings every `pingMs`. Without pings the connection is silent. */
function accept(incoming: IncomingMessage, socket: Duplex, pingMs: number | undefined): void {
  const key = createHash("sha1").update(`${incoming.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
  const frame = (opcode: number, text = ""): void => void socket.write(Buffer.concat([Buffer.from([0x80 | opcode, text.length]), Buffer.from(text)]));
  frame(1, "hello");
  const pinging = pingMs === undefined ? undefined : setInterval(() => frame(9), pingMs);
  socket.on("close", () => clearInterval(pinging));
  // Short masked frames, of which one chunk may bring several: an answer to a ping and what the client had to say.
  let rest = Buffer.alloc(0);
  socket.on("data", (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    for (let [opcode, length] = headOf(rest); rest.length >= length; [opcode, length] = headOf(rest)) {
      rest = rest.subarray(length);
      if (opcode === 1) frame(1, "again");
      else if (opcode === 8) socket.end();
    }
  });
  socket.on("end", () => socket.end());
  socket.on("error", () => socket.destroy());
}

/** Opcode and whole length of the first frame; longer than all there can be while its head is not whole. */
function headOf(data: Buffer): [opcode: number, length: number] {
  const [first, second] = data;
  return first === undefined || second === undefined ? [0, Number.POSITIVE_INFINITY] : [first & 0x0f, 6 + (second & 0x7f)];
}

describe.skipIf(noNginx)("streams through the balancer (needs TEST_NGINX)", () => {
  let upstream: Upstream;
  let upstreams: string[];
  beforeAll(async () => {
    upstream = await startUpstream("api-1", { answer });
    upstream.server.on("upgrade", (incoming, socket) => accept(incoming, socket, incoming.url === "/silent" ? undefined : 200));
    upstreams = [upstream.address];
  });
  afterAll(() => upstream?.[Symbol.asyncDispose]());

  const firstRead = async (port: number, path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return new TextDecoder().decode((await response.body?.getReader().read())?.value);
  };

  it("passes events as they come (AB-3): the first is here before the second exists", async () => {
    await using nginx = await startNginx({ upstreams });
    expect(await firstRead(nginx.port, "/events")).toBe("id: 1\n\n");
    release.get("/events")?.();
  });

  // With HTTP/1.1 to the instances a chunk is passed even while buffering (nginx 1.22); 1.0, nginx's default for years, shows what the guide fears.
  it("would be seen to hold events back", async () => {
    const buffering = (text: string): string =>
      text.replace("proxy_buffering off", "proxy_buffering on").replace("proxy_http_version 1.1", "proxy_http_version 1.0");
    await using nginx = await startNginx({ upstreams }, buffering);
    const read = firstRead(nginx.port, "/held");
    const second = await eventually(async () => release.get("/held"), Boolean);
    // A balancer that passes what it has would do so meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 300));
    second?.();
    expect(await read).toBe("id: 1\n\nid: 2\n\n");
  });

  it("keeps a WebSocket whose server pings, idle for longer than its read time-out, and closes a silent one (HS-3)", async () => {
    await using nginx = await startNginx({ upstreams, readTimeoutS: 2 });
    const open = (path: string): WebSocket => new WebSocket(`ws://127.0.0.1:${nginx.port}${path}`);
    const pinged = open("/pinged");
    const silent = open("/silent");
    const cut = once(silent, "close");
    await Promise.all([once(pinged, "message"), once(silent, "message")]);
    // The silent one, opened last, shows that the time-out has passed.
    await cut;
    expect(pinged.readyState).toBe(WebSocket.OPEN);
    pinged.send("?");
    const [answered] = (await once(pinged, "message")) as [MessageEvent];
    expect(answered.data).toBe("again");
    pinged.close();
    await once(pinged, "close");
  });

  it("would be seen to refuse an upgrade without the map of the header", async () => {
    await using nginx = await startNginx({ upstreams }, (text) => text.replace("proxy_set_header Upgrade $http_upgrade;", ""));
    const socket = new WebSocket(`ws://127.0.0.1:${nginx.port}/pinged`);
    await once(socket, "error");
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });
});

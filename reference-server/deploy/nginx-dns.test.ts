import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { ask, freePort, startUpstream } from "../testing/http.ts";
import { noNginx, startNginx } from "../testing/nginx.ts";
import { eventually } from "../testing/services.ts";

/** The least of a DNS server: answers every question for an address (type A) with all of `addresses`, to be kept for one second (RFC 1035). */
async function startDns(addresses: readonly string[]): Promise<AsyncDisposable & { readonly address: string }> {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const question = query.subarray(12);
    const header = Buffer.concat([query.subarray(0, 2), Buffer.from([0x81, 0x80, 0, 1, 0, addresses.length, 0, 0, 0, 0])]);
    // 0xc00c points at the question's name; then type A, class IN, one second, four bytes.
    const records = addresses.map((address) => Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split(".").map(Number)]));
    socket.send(Buffer.concat([header, question, ...records]), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, "close");
    },
  };
}

describe.skipIf(noNginx)("instances found through DNS (HS-17; needs TEST_NGINX)", () => {
  it("sends to an instance once its name has it, and no more once it has not", async () => {
    const port = await freePort();
    const known = ["127.0.9.11"];
    await using dns = await startDns(known);
    await using _first = await startUpstream("first", { address: `127.0.9.11:${port}` });
    await using nginx = await startNginx({ service: `api.test:${port}`, resolver: dns.address });
    expect((await ask(nginx.port, "/")).body).toBe("first");

    await using _second = await startUpstream("second", { address: `127.0.9.12:${port}` });
    known.push("127.0.9.12");
    await eventually(
      async () => (await ask(nginx.port, "/")).body,
      (body) => body === "second",
      15_000,
    );
    known.shift();
    let running = 0;
    await eventually(
      async () => {
        running = (await ask(nginx.port, "/")).body === "second" ? running + 1 : 0;
        return running;
      },
      (seen) => seen >= 20,
      15_000,
    );
  });

  it("sends a read, and a creation that was never sent, to the next address when the first one refuses, and no PUT", async () => {
    const port = await freePort();
    await using dns = await startDns(["127.0.9.11", "127.0.9.12"]);
    await using _only = await startUpstream("only", { address: `127.0.9.12:${port}` });
    await using nginx = await startNginx({ service: `api.test:${port}`, resolver: dns.address });
    const puts: number[] = [];
    for (let i = 0; i < 20; i++) {
      expect((await ask(nginx.port, "/")).body).toBe("only");
      expect((await ask(nginx.port, "/", { method: "POST", body: "x" })).status).toBe(200);
      puts.push((await ask(nginx.port, "/", { method: "PUT", body: "x" })).status);
    }
    expect(puts).toContain(502);
  });
});

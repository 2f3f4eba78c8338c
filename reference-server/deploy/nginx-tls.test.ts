import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect, createServer, type SecureVersion, type Server } from "node:tls";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, startUpstream, type Upstream } from "../testing/http.ts";
import { type Nginx, noNginx, startNginx } from "../testing/nginx.ts";

/** OpenSSL 3 speaks TLS 1.1 and the weak ciphers only below security level 1. */
const anything = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

/** "TLSv1.3 TLS_AES_256_GCM_SHA384", or "refused" when there is no handshake. */
function handshake(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, timeout: 10_000, ...options }, () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.on("error", () => resolve("refused"));
    socket.on("timeout", () => socket.destroy(new Error("no handshake")));
  });
}
const version = (of: SecureVersion): ConnectionOptions => ({ minVersion: of, maxVersion: of, ciphers: anything });
const cipher = (name: string): ConnectionOptions => ({ minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ciphers: `${name}:@SECLEVEL=0` });

describe.skipIf(noNginx)("TLS (needs TEST_NGINX)", () => {
  let started: AsyncDisposableStack;
  let upstream: Upstream;
  let nginx: Nginx;
  let port: number;
  let tls: { listen: string; certificate: string; key: string };
  /** A server that refuses nobody: what the probe cannot do with it, it cannot do at all. */
  let control: number;
  beforeAll(async () => {
    started = new AsyncDisposableStack();
    const directory = await mkdtemp(join(tmpdir(), "certificate-"));
    started.defer(() => rm(directory, { recursive: true }));
    const pair = await generate([{ name: "commonName", value: "localhost" }], { keySize: 2048 });
    port = await freePort();
    tls = { listen: `127.0.0.1:${port}`, certificate: join(directory, "cert.pem"), key: join(directory, "key.pem") };
    await Promise.all([writeFile(tls.certificate, pair.cert), writeFile(tls.key, pair.private)]);
    upstream = started.use(await startUpstream("api-1"));
    nginx = started.use(await startNginx({ upstreams: [upstream.address], tls }));
    const server: Server = createServer({ cert: pair.cert, key: pair.private, minVersion: "TLSv1", ciphers: anything }, (socket) => socket.end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    started.defer(() => void server.close());
    control = (server.address() as AddressInfo).port;
  });
  afterAll(() => started?.disposeAsync());

  it.each(["TLSv1.2", "TLSv1.3"] as const)("speaks %s (AB-15)", async (of) => {
    expect(await handshake(port, version(of))).toMatch(new RegExp(`^${of} `));
  });

  it.each(["TLSv1.1", "TLSv1"] as const)("refuses %s, which the probe can speak (AB-15)", async (of) => {
    expect(await handshake(control, version(of))).toMatch(new RegExp(`^${of} `));
    expect(await handshake(port, version(of))).toBe("refused");
  });

  it("would be seen to speak TLS 1.1", async () => {
    const lax = (text: string): string =>
      text.replace("ssl_protocols TLSv1.2", "ssl_protocols TLSv1.1 TLSv1.2").replace("!aNULL:!MD5", "!aNULL:!MD5:@SECLEVEL=0");
    const laxPort = await freePort();
    await using _lax = await startNginx({ upstreams: [upstream.address], tls: { ...tls, listen: `127.0.0.1:${laxPort}` } }, lax);
    expect(await handshake(laxPort, version("TLSv1.1"))).toMatch(/^TLSv1.1 /);
  });

  it.each(["AECDH-AES128-SHA", "NULL-SHA256", "AECDH-NULL-SHA"])("refuses the cipher %s, which the probe can offer (AB-28)", async (name) => {
    expect(await handshake(control, cipher(name))).toBe(`TLSv1.2 ${name}`);
    expect(await handshake(port, cipher(name))).toBe("refused");
  });

  it("speaks HTTP/2 over TLS, and plain HTTP beside it (AB-28)", async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    const stream = session.request({ ":path": "/" });
    let body = "";
    for await (const chunk of stream.setEncoding("utf8")) body += chunk;
    expect([session.alpnProtocol, body]).toEqual(["h2", "api-1"]);
    session.close();
    expect(await (await fetch(`http://127.0.0.1:${nginx.port}/`)).text()).toBe("api-1");
  });
});

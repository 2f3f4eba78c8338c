import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import type { AddressInfo } from "node:net";
import { type ConnectionOptions, connect, createServer, type SecureVersion } from "node:tls";
import { generate } from "selfsigned";
import { everybodysWork, type Fault } from "./fault.ts";

/** OpenSSL 3 speaks TLS 1.1 and the weak ciphers only below security level 1. */
const anything = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
const withinMs = 5000;
const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const satisfies readonly SecureVersion[];
/** Without a known peer, without encryption, with neither; and one that is good. */
const ciphers = ["AECDH-AES128-SHA", "NULL-SHA256", "AECDH-NULL-SHA", "ECDHE-RSA-AES128-GCM-SHA256"] as const;

const offers: readonly (readonly [what: string, offer: ConnectionOptions])[] = [
  ...versions.map((version) => [version, { minVersion: version, maxVersion: version, ciphers: anything }] as const),
  ...ciphers.map((name) => [name, { minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ciphers: `${name}:@SECLEVEL=0` }] as const),
];

export default {
  what: "Not a fault but a list: another balancer speaks TLS, and clients offer it one version and one cipher after another, and HTTP/2; a server that refuses nobody shows that they can.",
  needs: ["tls"],
  prepare({ stack, ledger }) {
    const numbers: Record<string, number> = {};
    const open = new AsyncDisposableStack();
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const pair = await generate([{ name: "commonName", value: "localhost" }], { keySize: 2048 });
        const certificate = { certificate: pair.cert, key: pair.private };
        const { tlsPort } = open.use(await stack.addBalancer({}, certificate));
        if (tlsPort === undefined) throw new Error("The balancer was expected to speak TLS on a port of its own, and has none.");
        const control = open.adopt(
          createServer({ cert: pair.cert, key: pair.private, minVersion: "TLSv1", ciphers: anything }),
          (server) => void server.close(),
        );
        control.listen(0, "127.0.0.1");
        await once(control, "listening");
        const { port } = control.address() as AddressInfo;
        for (const [what, offer] of offers) {
          numbers[`${what} canBeSpoken`] = (await shakesHands(port, offer)) ? 1 : 0;
          numbers[`${what} spoken`] = (await shakesHands(tlsPort, offer)) ? 1 : 0;
        }
        numbers["HTTP/2 spoken"] = (await speaksHttp2(tlsPort)) ? 1 : 0;
      },
      bites: async () => `${offers.length} offers were made to a balancer that speaks TLS`,
      heal: () => open.disposeAsync(),
      healed: async () => "the other balancer is gone",
      numbers: () => numbers,
    };
  },
} satisfies Fault;

function shakesHands(port: number, offer: ConnectionOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, timeout: withinMs, ...offer }, () => {
      resolve(true);
      socket.destroy();
    });
    socket.on("error", () => resolve(false));
    socket.on("timeout", () => socket.destroy(new Error("no handshake")));
  });
}

function speaksHttp2(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false }, () => {
      resolve(session.alpnProtocol === "h2");
      session.destroy();
    });
    session.setTimeout(withinMs, () => session.destroy(new Error("no session")));
    session.on("error", () => resolve(false));
  });
}

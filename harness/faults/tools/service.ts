/** What a Service of Kubernetes does: connections to its port lead on to its endpoints, in turn. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Service extends AsyncDisposable {
  readonly port: number;
}

/**
 * @param endpoints where new connections may be led at this moment; with none, they are closed
 * @param at where it listens: any port of loopback's first address when absent
 */
export async function openService(
  endpoints: () => readonly { readonly host: string; readonly port: number }[],
  at: { readonly host: string; readonly port: number } = { host: "127.0.0.1", port: 0 },
): Promise<Service> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const all = endpoints();
    const chosen = all[turn++ % Math.max(1, all.length)];
    if (!chosen) return void client.destroy();
    const pod = connect({ ...chosen, allowHalfOpen: true });
    for (const [one, other] of [
      [client, pod],
      [pod, client],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => open.delete(one));
      one.pipe(other);
    }
  });
  server.listen(at.port, at.host);
  await once(server, "listening");
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

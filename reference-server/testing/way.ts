/** A way to a service that can be cut and mended while it is in use. */
import { connect, createServer, type Server, type Socket } from "node:net";

/** Opens a port that leads to the service of the URL. Disposing cuts it. */
export async function openWay(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isSilent = false;
  let breaks = 0;
  const server: Server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => {}).on("close", () => sockets.delete(client));
    if (isSilent) return;
    const upstream = connect(Number(port), hostname).on("error", () => client.destroy());
    sockets.add(upstream);
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    client.on("data", () => {
      if (breaks === 0) return;
      breaks -= 1;
      client.destroy();
      upstream.destroy();
    });
    client.pipe(upstream).pipe(client);
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  await listen(0);
  const address = server.address();
  const ownPort = typeof address === "object" && address ? address.port : 0;
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: Object.assign(new URL(url), { host: `127.0.0.1:${ownPort}` }).href,
    cut: close,
    mend: () => listen(ownPort),
    /** The connection that is used next is broken under what is sent on it, `times` times. */
    breakNext(times: number) {
      breaks = times;
    },
    /** How many of those breaks have not happened yet. */
    breaksLeft: () => breaks,
    /** Connections stay open, and nothing comes through. */
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    [Symbol.asyncDispose]: close,
  };
}

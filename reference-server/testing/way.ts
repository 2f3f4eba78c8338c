/** A way to a service that can be cut and mended while it is in use. */
import { connect, createServer, type Server, type Socket } from "node:net";

/** Postgres's protocol: the client's Parse, Bind or Query; what opens a connection begins with other bytes. */
const carriesStatement = (chunk: Buffer): boolean => [0x50, 0x42, 0x51].includes(chunk[0] ?? 0);
/** Postgres's protocol: ends with ReadyForQuery, which is sent when the statement is committed. */
const endsAnswer = (chunk: Buffer): boolean =>
  chunk.length >= 6 && chunk.readUInt8(chunk.length - 6) === 0x5a && chunk.readUInt32BE(chunk.length - 5) === 5;

/** Opens a port that leads to the service of the URL. Disposing cuts it. */
export async function openWay(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const pairs = new Map<Socket, Socket | undefined>();
  let isSilent = false;
  let breaks = 0;
  let statements = 0;
  /** Statements that come through before the one whose answer is lost. */
  let until: number | undefined;
  const server: Server = createServer((client) => {
    sockets.add(client);
    pairs.set(client, undefined);
    client
      .on("error", () => {})
      .on("close", () => {
        sockets.delete(client);
        pairs.delete(client);
      });
    if (isSilent) return;
    const upstream = connect(Number(port), hostname).on("error", () => client.destroy());
    sockets.add(upstream);
    pairs.set(client, upstream);
    upstream.on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    const destroy = () => {
      client.destroy();
      upstream.destroy();
    };
    let losesAnswer = false;
    client.on("data", (chunk) => {
      if (breaks > 0) {
        breaks -= 1;
        return destroy();
      }
      if (!carriesStatement(chunk)) return;
      statements += 1;
      losesAnswer = until === 0;
      until = until === 0 || until === undefined ? undefined : until - 1;
    });
    upstream.on("data", (chunk) => {
      if (losesAnswer && endsAnswer(chunk)) destroy();
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
    /** The connection is broken under the answer to a statement that was committed: the one after `skip` others. */
    loseAnswer(skip: number) {
      until = skip;
    },
    /** Whether that has not happened yet; it no longer will. */
    keepAnswers(): boolean {
      const left = until !== undefined;
      until = undefined;
      return left;
    },
    /** Statements of Postgres's protocol that came this way. */
    statements: () => statements,
    /** How many of those breaks have not happened yet. */
    breaksLeft: () => breaks,
    /** Connections stay open, and nothing comes through. */
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    /** Ends the silence: what was held back comes through; connections that were opened in it are closed. */
    speak() {
      isSilent = false;
      for (const [client, upstream] of pairs) {
        if (upstream) client.pipe(upstream).pipe(client);
        else client.destroy();
      }
    },
    [Symbol.asyncDispose]: close,
  };
}

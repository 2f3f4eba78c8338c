/** The least of a DNS server, on loopback: whatever is asked for has the addresses that it has now. */
import { createSocket } from "node:dgram";
import { once } from "node:events";

export interface NameServer extends AsyncDisposable {
  /** host:port, UDP. */
  readonly address: string;
  /** What the name has from now on. */
  has(addresses: readonly string[]): void;
  /** Answers nobody from now on, or everybody again. */
  fallSilent(silent: boolean): void;
  /** Questions that were answered so far. */
  answered(): number;
}

/** Each address may be kept for this long (s): Docker's says ten minutes. Who is to follow a change sooner has to ask again by itself. */
const keepS = 600;

export async function startNameServer(): Promise<NameServer> {
  let addresses: readonly string[] = [];
  let silent = false;
  let answered = 0;
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    if (silent) return;
    answered++;
    // The number of the question, the flags of an answer, one question, so many answers (RFC 1035); then the question itself.
    const header = Buffer.concat([query.subarray(0, 2), Buffer.from([0x81, 0x80, 0, 1, 0, addresses.length, 0, 0, 0, 0])]);
    // 0xc00c points at the question's name; then type A, class IN, how long it may be kept, four bytes.
    const kept = [0, 0, keepS >> 8, keepS & 0xff];
    const records = addresses.map((address) => Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, ...kept, 0, 4, ...address.split(".").map(Number)]));
    socket.send(Buffer.concat([header, query.subarray(12), ...records]), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  socket.unref();
  return {
    address: `127.0.0.1:${socket.address().port}`,
    has(those) {
      addresses = those;
    },
    fallSilent(so) {
      silent = so;
    },
    answered: () => answered,
    async [Symbol.asyncDispose]() {
      socket.close();
    },
  };
}

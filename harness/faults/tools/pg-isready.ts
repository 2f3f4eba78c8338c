/** What pg_isready says, asked the way it asks: a start-up message, and the first answer to it. */
import { connect } from "node:net";
import { join } from "node:path";

/** A server that answers, but lets nobody in: it starts, stops or recovers. */
const cannotConnectNow = "57P03";
const protocol = 3 << 16;

export interface Asked {
  /** A host, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
}

/**
 * What a command line of pg_isready asks where the server is at `server`; without a host it asks the socket.
 * @throws when the words are no such command
 */
export function askedBy(words: readonly string[], server: { readonly port: number; readonly socketDirectory: string }): Asked {
  if (words[0] !== "pg_isready") throw new Error(`A command of pg_isready was expected, and it is ${JSON.stringify(words.join(" "))}.`);
  const at = words.findIndex((word) => word === "-h" || word === "--host");
  return { host: (at === -1 ? undefined : words[at + 1]) ?? server.socketDirectory, port: server.port };
}

/** Whether pg_isready would say that the server accepts connections: everything that is not "I cannot now" is a yes, a refused password as well. */
export function isAccepting({ host, port }: Asked, withinMs: number): Promise<boolean> {
  const socket = host.startsWith("/") ? connect(join(host, `.s.PGSQL.${port}`)) : connect(port, host);
  return new Promise((resolve) => {
    const say = (accepting: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(accepting);
    };
    const timer = setTimeout(say, withinMs, false);
    let answer = "";
    socket.on("connect", () => {
      const words = Buffer.from("user\0anybody\0database\0postgres\0\0", "utf8");
      const message = Buffer.alloc(8 + words.length);
      message.writeInt32BE(message.length, 0);
      message.writeInt32BE(protocol, 4);
      words.copy(message, 8);
      socket.write(message);
    });
    socket.on("data", (data) => {
      answer += data.toString("latin1");
      // The code of an error stands in its first hundred bytes or so, and the message ends with two zeros.
      if (answer[0] !== "E" || answer.endsWith("\0\0")) say(answer[0] === "R" || (answer[0] === "E" && !answer.includes(`C${cannotConnectNow}\0`)));
    });
    socket.on("error", () => say(false));
    socket.on("close", () => say(false));
  });
}

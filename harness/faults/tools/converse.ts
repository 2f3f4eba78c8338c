/** One client that speaks over a WebSocket: says something, waits for the answer, and goes on. */
import { setTimeout as later } from "node:timers/promises";
import WebSocket from "ws";

export interface Conversation {
  readonly accepted: number;
  readonly refused: number;
}

interface Words {
  /** JSON of an object; what is sent has a `ref` as well, by which its answer is known among whatever else is heard. */
  readonly say: string;
  /** The `type` of an answer that says yes. */
  readonly accepted: string;
}

const handshakeTimeoutMs = 10_000;
/** Between an answer and the next message (ms). */
const pauseMs = 150;
/** Longer than a server lets anybody wait for his turn (ms). */
const patienceMs = 20_000;

/** Never throws: who is not let in or is cut off says no more. What was said before `forMs` were over is still waited for. */
export async function converse(url: string, { say, accepted }: Words, forMs: number): Promise<Conversation> {
  const told = { accepted: 0, refused: 0 };
  const until = performance.now() + forMs;
  const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: handshakeTimeoutMs });
  const gone = new AbortController();
  socket.on("close", () => gone.abort());
  // Told by its close.
  socket.on("error", () => {});
  await new Promise<void>((resolve) => {
    socket.once("open", () => resolve());
    socket.once("close", () => resolve());
  });
  for (let ref = 1; !gone.signal.aborted && performance.now() < until; ref++) {
    const answer = answerTo(socket, ref, AbortSignal.any([gone.signal, AbortSignal.timeout(patienceMs)]));
    socket.send(JSON.stringify({ ...(JSON.parse(say) as object), ref }));
    const type = await answer;
    if (type === undefined) break;
    told[type === accepted ? "accepted" : "refused"]++;
    await later(pauseMs);
  }
  socket.terminate();
  return told;
}

/** The type of the answer; undefined: none came. */
function answerTo(socket: WebSocket, ref: number, given: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const over = (type: string | undefined): void => {
      socket.off("message", hear);
      resolve(type);
    };
    const hear = (data: WebSocket.RawData): void => {
      const heard = JSON.parse(data.toString()) as { readonly type?: string; readonly ref?: unknown };
      if (heard.ref === ref) over(heard.type ?? "");
    };
    socket.on("message", hear);
    given.addEventListener("abort", () => over(undefined), { once: true });
  });
}

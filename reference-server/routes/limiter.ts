/** So many at a time, so many in line, and a quick refusal for the rest: a queue without an end answers nobody. */
import type { FastifyReply } from "fastify";
import { Problem } from "../problem.ts";

/** How long a request may wait for its turn: while its client is there and the instance does not end, at most `withinMs`. */
export function patienceOf(reply: FastifyReply, withinMs: number, stopping: AbortSignal): AbortSignal {
  const over = new AbortController();
  reply.raw.once("close", () => over.abort(new Problem(499, "The client has gone.")));
  const late = () => over.abort(new Problem(503, "The turn of this request did not come in time. Send it again later.", 1));
  AbortSignal.timeout(withinMs).addEventListener("abort", late, { once: true });
  return AbortSignal.any([over.signal, stopping]);
}

export interface Limiter {
  /** Resolves when it is the caller's turn, first come first served; disposing ends the turn. Rejects with a Problem (503) when too many wait, or with the signal's reason. */
  enter(signal: AbortSignal): Promise<Disposable>;
  gauges(): { readonly inside: number; readonly waiting: number };
}

/** `what`: the plural that a refusal names. */
export function createLimiter(atOnce: number, inLine: number, what: string): Limiter {
  let inside = 0;
  /** A set keeps the order and lets anybody leave the line. */
  const line = new Set<() => void>();
  const leave = (): void => {
    const [next] = line;
    if (next) next();
    else inside -= 1;
  };
  const turn = (): Disposable => {
    let over = false;
    return {
      [Symbol.dispose]() {
        if (!over) leave();
        over = true;
      },
    };
  };
  return {
    gauges: () => ({ inside, waiting: line.size }),
    async enter(signal) {
      signal.throwIfAborted();
      if (inside < atOnce) {
        inside += 1;
        return turn();
      }
      if (line.size >= inLine)
        throw new Problem(503, `As many ${what} are in progress and waiting as this instance takes. Send this one again later.`, 1);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const giveUp = (): void => {
        line.delete(called);
        reject(signal.reason);
      };
      // Whoever leaves hands its turn over: the one who is called is inside already.
      const called = (): void => {
        line.delete(called);
        signal.removeEventListener("abort", giveUp);
        resolve();
      };
      line.add(called);
      signal.addEventListener("abort", giveUp, { once: true });
      await promise;
      return turn();
    },
  };
}

/** Requests of the harness's own, over a fresh connection unless one is kept, from an address of its choice: on loopback any 127.x.y.z may be one. */
import { type Agent, request } from "node:http";

export interface Asked {
  /** 0: no answer in time. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** ms of `performance.now()`. */
  readonly sentAt: number;
  readonly doneAt: number;
}

const answerWithinMs = 10_000;

export function askFrom(
  address: string,
  options: {
    readonly port: number;
    readonly path: string;
    readonly method?: "GET" | "POST" | "PUT";
    readonly headers?: Readonly<Record<string, string>>;
    /** Keeps connections. */
    readonly agent?: Agent | undefined;
  },
): Promise<Asked> {
  const { port, path, method = "GET", headers = {}, agent = false } = options;
  const sentAt = performance.now();
  return new Promise((resolve) => {
    const none = (): void => resolve({ status: 0, headers: {}, sentAt, doneAt: performance.now() });
    const asking = request(
      { host: "127.0.0.1", port, path, method, headers, localAddress: address, agent, signal: AbortSignal.timeout(answerWithinMs) },
      (response) => {
        response.resume();
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, sentAt, doneAt: performance.now() }));
        response.on("error", none);
      },
    );
    asking.on("error", none);
    asking.end();
  });
}

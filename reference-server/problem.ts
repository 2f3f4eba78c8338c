/** Errors of the API as problem details (RFC 9457). */

import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { EffectsUnavailable } from "./effects/effects.ts";
import { Fenced } from "./leader/fence.ts";
import { LockUnavailable } from "./locks/lock.ts";
import { isTransient, PoolExhausted } from "./store/transient.ts";

/** An answer other than success, thrown by a route. */
export class Problem extends Error {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  constructor(status: number, detail: string, retryAfterSeconds?: number) {
    super(detail);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The instance is ending: another one should be asked. */
export class Stopping extends Problem {
  constructor() {
    super(503, "This instance is stopping. Send the request again to another one.", 1);
  }
}

/** What a client is told of an error: its own mistakes in full, ours without internals. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Fenced) return new Stopping();
  if (error instanceof PoolExhausted)
    return new Problem(503, "The instance is busy: no database connection became free in time. Send the request again later.", 1);
  if (isTransient(error))
    return new Problem(503, "The database did not answer in time. Whether the request took effect is unknown; send it again later.", 1);
  if (error instanceof LockUnavailable) return new Problem(503, `${error.message} Nothing was changed; send the request again later.`, 1);
  if (error instanceof EffectsUnavailable) return new Problem(503, "The effect service did not answer in time. Send the request again later.", 1);
  const status = (error as Partial<FastifyError>).statusCode ?? 500;
  if (status >= 400 && status < 500) return new Problem(status, error instanceof Error ? error.message : "The request is not valid.");
  return new Problem(500, "The server made a mistake. Its log has the details under this request's id.");
}

/** Answers with the problem. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const problem = toProblem(error);
  if (problem.status === 500) request.log.error({ err: error }, "request failed");
  if (problem.retryAfterSeconds !== undefined) reply.header("Retry-After", problem.retryAfterSeconds);
  return reply
    .code(problem.status)
    .type("application/problem+json")
    .send({
      type: "about:blank",
      title: STATUS_CODES[problem.status] ?? "Error",
      status: problem.status,
      detail: problem.message,
      request_id: request.id,
    });
}

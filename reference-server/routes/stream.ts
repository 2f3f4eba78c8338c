/** A run's events as server-sent events, from any instance and from any event on. */

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Type } from "@fastify/type-provider-typebox";
import { monotonicMs } from "../clock.ts";
import { Problem } from "../problem.ts";
import { type RunEvent, readEvents } from "../runs/events.ts";
import { isTerminal } from "../runs/run.ts";
import type { Server, ServerContext } from "../server.ts";
import { runParams } from "./schemas.ts";

const commentMs = 10_000;
/** A client that takes nothing for this long is dropped; it can resume (ms). */
const stalledMs = 30_000;

const streamHeaders = Type.Object({ "last-event-id": Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) });

async function write(response: ServerResponse, text: string, gone: AbortSignal): Promise<void> {
  if (!response.write(text)) await once(response, "drain", { signal: AbortSignal.any([gone, AbortSignal.timeout(stalledMs)]) });
}

function format({ seq, kind, attempt, data }: RunEvent): string {
  return `id: ${seq}\nevent: ${kind}\ndata: ${JSON.stringify({ attempt, ...data })}\n\n`;
}

export function streamRoutes(app: Server, { db, watch, lifecycle, config }: ServerContext): void {
  app.get("/api/v1/runs/:id/stream", { schema: { params: runParams, headers: streamHeaders } }, async (request, reply) => {
    const { id } = request.params;
    let last = Number(request.headers["last-event-id"] ?? 0);
    // Watched before the first read, so nothing is missed between reading and waiting.
    using watcher = watch.watch(id);
    let batch = await readEvents(db, id, last);
    if (!batch) throw new Problem(404, "There is no run with this id.");
    // Everything has been delivered: 204 tells an EventSource not to come back.
    if (isTerminal(batch.status) && batch.events.length === 0) return reply.code(204).send();

    reply.hijack();
    const response = reply.raw;
    const closed = new AbortController();
    response.on("close", () => closed.abort());
    response.on("error", () => closed.abort());
    const over = AbortSignal.any([closed.signal, lifecycle.draining]);
    response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
      "X-Instance-Id": config.instanceId,
      ...(lifecycle.draining.aborted ? { Connection: "close" } : {}),
    });
    response.flushHeaders();
    try {
      let commentAtMs = monotonicMs() + commentMs;
      while (batch) {
        for (const event of batch.events) {
          await write(response, format(event), closed.signal);
          last = event.seq;
          commentAtMs = monotonicMs() + commentMs;
        }
        if (batch.events.at(-1)?.kind === "end" || over.aborted) break;
        if (batch.events.length === 0) {
          watcher.seenSeq = last;
          await watcher.changed(commentAtMs - monotonicMs(), over);
          if (over.aborted) break;
          if (monotonicMs() >= commentAtMs) {
            await write(response, ": still here\n\n", closed.signal);
            commentAtMs = monotonicMs() + commentMs;
          }
        }
        batch = await readEvents(db, id, last);
      }
    } catch (error) {
      // The stream ends without its terminal event; the client resumes after the last id, here or on another instance.
      request.log.info({ run: id, last, reason: error instanceof Error ? error.message : String(error) }, "stream interrupted");
    }
    response.end();
    return reply;
  });
}

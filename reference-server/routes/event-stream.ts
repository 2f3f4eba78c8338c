/** A run's durable events as server-sent events, until its end. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { monotonicMs, settledWithin } from "../clock.ts";
import { type RunEvent, readEvents } from "../runs/events.ts";
import { isLeaving, type ServerContext } from "../server.ts";

const commentMs = 10_000;
/** A client that takes nothing for this long is dropped; it can resume (ms). */
const stalledMs = 30_000;

/** Writes, and waits until there is room again: what is unsent never piles up here. Throws when the client is gone. */
async function write(response: ServerResponse, text: string, gone: AbortSignal): Promise<void> {
  if (response.write(text)) return;
  const drained = once(response, "drain", { signal: gone });
  if (!(await settledWithin(drained, stalledMs))) {
    // Ended in order, the connection would wait for the client to take the rest, for ever.
    response.destroy();
    throw new Error(`The client took nothing for ${stalledMs} ms.`);
  }
  await drained;
}

function format({ seq, kind, attempt, data }: RunEvent): string {
  return `id: ${seq}\nevent: ${kind}\ndata: ${JSON.stringify({ attempt, ...data })}\n\n`;
}

interface Stream {
  readonly runId: string;
  /** The number of the last event that the client has. */
  readonly after: number;
  /** Ends the stream before the run has ended; the client resumes elsewhere. */
  readonly until: AbortSignal;
}

/** Takes the answer over and streams. Whoever watched the run before it was last read misses nothing. Never rejects. */
export async function streamEvents(
  { db, watch, lifecycle, config }: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { runId, after, until }: Stream,
): Promise<void> {
  // Watched before the first read, so nothing is missed between reading and waiting.
  using watcher = watch.watch(runId);
  reply.hijack();
  const response = reply.raw;
  const closed = new AbortController();
  response.on("close", () => closed.abort());
  response.on("error", () => closed.abort());
  const over = AbortSignal.any([closed.signal, until]);
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Instance-Id": config.instanceId,
    "X-Run-Id": runId,
    ...(isLeaving(lifecycle) ? { Connection: "close" } : {}),
  });
  response.flushHeaders();
  let last = after;
  try {
    let commentAtMs = monotonicMs() + commentMs;
    let batch = await readEvents(db, runId, last);
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
      batch = await readEvents(db, runId, last);
    }
  } catch (error) {
    // The stream ends without its terminal event; the client resumes after the last id, here or on another instance.
    request.log.info({ run: runId, last, reason: error instanceof Error ? error.message : String(error) }, "stream interrupted");
  }
  response.end();
}

/** Joining a run: its events from any instance and from any event on. */
import { Type } from "@fastify/type-provider-typebox";
import { Problem } from "../problem.ts";
import { isTerminal, readRun } from "../runs/run.ts";
import type { Server, ServerContext } from "../server.ts";
import { streamEvents } from "./event-stream.ts";
import { nothing, problems, runIdOf, runParams, text } from "./schemas.ts";

const streamHeaders = Type.Object({ "last-event-id": Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) });

const response = {
  200: text("text/event-stream", "The run's events after Last-Event-ID, to its end or to the instance's."),
  204: nothing("All events of the run were received before."),
  ...problems(404),
};

/** Each event once and in order from `Last-Event-ID` on, by whichever instance, over all attempts (LG-3, FR-5). */
export function streamRoutes(app: Server, context: ServerContext): void {
  const { db, lifecycle } = context;
  app.get("/api/v1/runs/:id/stream", { schema: { params: runParams, headers: streamHeaders, response } }, async (request, reply) => {
    const id = runIdOf(request.params);
    const after = Number(request.headers["last-event-id"] ?? 0);
    const run = await readRun(db, id);
    if (!run) throw new Problem(404, "There is no run with this id.");
    // Everything has been delivered: 204 tells an EventSource not to come back.
    if (isTerminal(run.status) && after >= run.last_seq) return reply.code(204).send();
    await streamEvents(context, request, reply, { runId: id, after, until: lifecycle.draining });
    return reply;
  });
}

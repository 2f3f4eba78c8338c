/** What a client is told of a change of an agent. */
import { type Static, Type } from "@fastify/type-provider-typebox";
import type { Agent } from "../agents/agent.ts";
import { type ChangeContext, changeAgent, type Decide } from "../agents/change.ts";
import { sleep } from "../clock.ts";
import { Problem } from "../problem.ts";
import { storableText } from "./schemas.ts";

/** Simulated time of the model or the tool (ms). */
export const thinkMs = Type.Integer({ minimum: 0, maximum: 60_000 });
export const turnBody = Type.Object({ message: storableText(0, 10_000), think_ms: thinkMs }, { additionalProperties: false });

interface Changed {
  /** Fencing token of the critical section. */
  readonly token: number;
  /** The agent after the change. */
  readonly agent: Agent;
}

/** Makes the change. Throws a Problem when the lock could not be had or was lost, and what changeAgent throws. */
export async function change(context: ChangeContext, agentId: string, decide: Decide): Promise<Changed> {
  const result = await changeAgent(context, agentId, decide);
  if (result.outcome === "busy") throw new Problem(503, "The agent is busy: its lock could not be had in time. Send the request again later.", 1);
  if (result.outcome === "lost")
    throw new Problem(409, "The lock was lost before the change was accepted. Nothing was written; send the request again.");
  return result;
}

/** One turn: the agent thinks, then keeps the message. Throws as `change` does. */
export async function takeTurn(
  context: ChangeContext,
  agentId: string,
  { message, think_ms }: Static<typeof turnBody>,
): Promise<{ token: number; version: number }> {
  const { token, agent } = await change(context, agentId, async (_agent, { signal }) => {
    await sleep(think_ms, signal);
    return { kind: "message", data: { role: "user", text: message } };
  });
  return { token, version: agent.version };
}

/** The number in `If-Match: "7"`; undefined without the header. */
export function versionIn(ifMatch: string | undefined): number | undefined {
  return ifMatch === undefined ? undefined : Number(ifMatch.slice(1, -1));
}

/** The version as the header `ETag` has it. */
export function etag(version: number): string {
  return `"${version}"`;
}

/** What a client is told of a change of an agent. */
import type { Agent } from "../agents/agent.ts";
import { type ChangeContext, changeAgent, type Decide } from "../agents/change.ts";
import { Problem } from "../problem.ts";

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

/** The number in `If-Match: "7"`; undefined without the header. */
export function versionIn(ifMatch: string | undefined): number | undefined {
  return ifMatch === undefined ? undefined : Number(ifMatch.slice(1, -1));
}

export function etag(version: number): string {
  return `"${version}"`;
}

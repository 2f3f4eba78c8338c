/** Tools that an agent can use on itself, and the external effect each use has. */
import { sleep } from "../clock.ts";
import type { Change } from "./agent.ts";
import type { Decide } from "./change.ts";
import { embed } from "./embedding.ts";
import { blockLength, findBlock, setBlocks } from "./memory.ts";

export type ToolCall =
  | { readonly tool: "append_to_block"; readonly label: string; readonly text: string; readonly duration_ms: number }
  | { readonly tool: "remember"; readonly text: string; readonly duration_ms: number };

/** The tool cannot do what was asked: nothing was changed. */
export class ToolRefused extends Error {}

/** Uses the tool: its external effect, the time it takes, then the change of the agent. Throws ToolRefused. */
export function useTool(call: ToolCall): Decide {
  return async (agent, { signal, effects }): Promise<Change> => {
    const appended = call.tool === "append_to_block" ? (findBlock(agent.blocks, call.label)?.value ?? "") + call.text : "";
    if (appended.length > blockLength) throw new ToolRefused(`The block would be longer than ${blockLength} characters. Shorten it first.`);
    await effects.step(1);
    await sleep(call.duration_ms, signal);
    if (call.tool === "remember") return { kind: "tool", data: { tool: call.tool }, archive: { text: call.text, embedding: embed(call.text) } };
    const change = setBlocks(agent, { [call.label]: appended });
    if (!change) throw new ToolRefused("The agent has as many blocks as it may have. Remove one first.");
    return { ...change, kind: "tool", data: { tool: call.tool, label: call.label } };
  };
}

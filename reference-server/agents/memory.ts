/** Core memory: labelled blocks of text with optimistic versions. */
import type { Agent, Block, Change } from "./agent.ts";

/** Blocks an agent may have, and characters in a block. */
export const blockLimit = 50;
export const blockLength = 5000;

/** The block's version; 0 if there is no such block. */
export function blockVersion({ blocks }: Agent, label: string): number {
  return findBlock(blocks, label)?.version ?? 0;
}

/** The block; undefined if there is none with this label. */
export function findBlock(blocks: Agent["blocks"], label: string): Block | undefined {
  return Object.hasOwn(blocks, label) ? blocks[label] : undefined;
}

/** The first label whose version is not the expected one (0: it is expected not to exist); undefined if all are. */
export function unexpectedBlock(agent: Agent, expected: Readonly<Record<string, number>>): string | undefined {
  return Object.keys(expected).find((label) => blockVersion(agent, label) !== expected[label]);
}

/** The change that sets these blocks, all together; null removes one. Undefined if the agent would have too many. */
export function setBlocks(agent: Agent, set: Readonly<Record<string, string | null>>): Change | undefined {
  const blocks = new Map(Object.entries(agent.blocks));
  for (const [label, value] of Object.entries(set)) {
    if (value === null) blocks.delete(label);
    else blocks.set(label, { value, version: agent.version + 1 });
  }
  return blocks.size > blockLimit ? undefined : { kind: "blocks", data: { labels: Object.keys(set) }, blocks: Object.fromEntries(blocks) };
}

/** HA-9: an export holds everything that an agent has, as it was at one moment, while others write to it. What is recorded is said in `documents.ts`. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { type AgentDocument, agentOf, type DocumentNames, exported } from "./documents.ts";
import { at, inTime } from "./judge.ts";
import { numberField, textField } from "./trail.ts";
import { versionOf } from "./versions.ts";

/**
 * A document at version V holds every acknowledged write up to V, none after it and nothing that was not written to the agent, its events are numbered 1 to V, and V is no older than what was acknowledged
 * before the export was asked for. A write that nobody knows the end of may be in it.
 */
export function exportsAreWhole(names: DocumentNames): Checker {
  return ({ operations }) => {
    const kinds: readonly string[] = [names.state, names.block, names.memory];
    const writes = Map.groupBy(
      operations.filter(({ f, outcome }) => kinds.includes(f) && outcome !== "fail"),
      agentOf,
    );
    const copies = new Set(operations.filter(({ f }) => f === names.import).map(agentOf));
    const found: Counterexample[] = [];
    let examined = 0;
    let largest = 0;
    for (const operation of operations) {
      if (operation.f !== names.export || operation.outcome !== "ok" || copies.has(agentOf(operation))) continue;
      const document = exported(operation);
      const known = writes.get(agentOf(operation)) ?? [];
      examined++;
      largest = Math.max(largest, document?.version ?? 0);
      const lacks = document === undefined ? "is no document" : objection(document, known, operation, names);
      if (lacks === undefined) continue;
      const text = `the export of ${agentOf(operation)} at ${at(operation.invokedAt)}, at version ${document?.version ?? 0}, ${lacks} (operation ${operation.index}).`;
      found.push({ time: operation.answeredAt, text });
    }
    const text = {
      holds: `${examined} exports, of up to ${largest} changes, held every acknowledged write up to their version and none after it.`,
      nothing: "No agent was exported.",
    };
    return conclude("an export is the whole agent at one moment", examined, inTime(found), text, { exports: examined, mostChanges: largest });
  };
}

/** What is wrong with a document, to follow "the export"; undefined if nothing is. */
function objection(document: AgentDocument | null, writes: readonly Operation[], { invokedAt }: Operation, names: DocumentNames): string | undefined {
  const version = document?.version ?? 0;
  const acknowledged = writes.filter(({ outcome }) => outcome === "ok");
  const missed = acknowledged.find((write) => write.completedAt < invokedAt && versionOf(write) > version);
  if (missed) return `is older than ${told(missed)}, acknowledged before`;
  if (document === null) return undefined;
  const { blocks, archive, events } = document;
  const gap = events.findIndex(({ seq }, i) => seq !== i + 1);
  if (events.length !== version || gap >= 0) return `has ${events.length} events, which are not numbered 1 to ${version}`;
  const late = Object.entries(blocks).find(([, block]) => block.version > version);
  if (late) return `has block ${late[0]} of version ${late[1].version}`;
  const lateMemory = archive.find(({ seq }) => seq > version);
  if (lateMemory) return `has a memory of version ${lateMemory.seq}`;
  for (const write of acknowledged) {
    if (versionOf(write) > version) continue;
    if (write.f === names.block && !holdsBlock(blocks, write)) return `lacks ${told(write)}`;
    const text = textField(write.input, "text");
    if (write.f === names.memory && !archive.some((memory) => memory.seq === versionOf(write) && memory.text === text)) return `lacks ${told(write)}`;
  }
  return strangerIn(document, writes, names) ?? stateObjection(document, writes, names);
}

/** What stands in the document and was never written to its agent, or stands there twice; whatever became of a write, it may be in it. */
function strangerIn({ blocks, archive }: AgentDocument, writes: readonly Operation[], names: DocumentNames): string | undefined {
  const of = (f: string, ...fields: readonly string[]): ReadonlySet<string> =>
    new Set(writes.filter((write) => write.f === f).map(({ input }) => JSON.stringify(fields.map((name) => textField(input, name)))));
  const values = of(names.block, "label", "value");
  const block = Object.entries(blocks).find(([label, { value }]) => !values.has(JSON.stringify([label, value])));
  if (block) return `has ${JSON.stringify(block[1].value)} in block ${block[0]}, which nobody wrote there`;
  const texts = of(names.memory, "text");
  const memory = archive.find(({ text }) => !texts.has(JSON.stringify([text])));
  if (memory) return `has the memory ${JSON.stringify(memory.text)}, which nobody gave it`;
  const seqs = new Set(archive.map(({ seq }) => seq));
  return seqs.size < archive.length ? `has ${archive.length} memories of ${seqs.size} versions` : undefined;
}

function holdsBlock(blocks: AgentDocument["blocks"], write: Operation): boolean {
  const label = textField(write.input, "label");
  const block = Object.hasOwn(blocks, label) ? blocks[label] : undefined;
  if (block === undefined || block.version < versionOf(write)) return false;
  return block.version > versionOf(write) || block.value === textField(write.input, "value");
}

/** The state is that of the newest acknowledged write up to the version; one that was written without an answer may have come after it. */
function stateObjection({ version, state }: AgentDocument, writes: readonly Operation[], names: DocumentNames): string | undefined {
  const ofState = writes.filter(({ f }) => f === names.state);
  const up = ofState.filter((write) => write.outcome === "ok" && versionOf(write) <= version);
  const newest = up.reduce<Operation | undefined>((most, write) => (most && versionOf(most) > versionOf(write) ? most : write), undefined);
  const writer = ofState.find(({ input }) => numberField(input, "n") === state.n);
  if (newest === undefined) {
    if (writer?.outcome === "ok") return `has the state of ${told(writer)}, which came after it`;
    return undefined;
  }
  if (writer === undefined || (writer.outcome === "ok" && writer !== newest)) return `lacks ${told(newest)}`;
  return undefined;
}

function told(write: Operation): string {
  return `${write.f} of version ${versionOf(write)} (operation ${write.index})`;
}

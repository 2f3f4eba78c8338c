/**
 * An agent as one document, and what is known to have been written to it. Operations by the names given; the input of each write names the `agent`, its output the
 * `version` that the agent has had since.
 */
import type { Json, Operation } from "../core/history.ts";
import { field, textField } from "./trail.ts";

export interface DocumentNames {
  /** Output: `{document}`, null where there is no agent. */
  readonly export: string;
  /** Input: `{agent, document}`. */
  readonly import: string;
  /** Input: `{n}`, which is the state from then on. */
  readonly state: string;
  /** Input: `{label, value}`. */
  readonly block: string;
  /** Input: `{text}`. */
  readonly memory: string;
}

/** What a document says: the version of the agent, each block with the version of its last change, the state's `n`, the numbers of its events and its memories. */
export interface AgentDocument {
  readonly version: number;
  readonly blocks: Readonly<Record<string, { readonly value: string; readonly version: number }>>;
  readonly state: { readonly n?: number };
  readonly events: readonly { readonly seq: number }[];
  readonly archive: readonly { readonly seq: number; readonly text: string }[];
}

/** The document that an export answered; null: there was no agent; undefined: the answer is no document. */
export function exported({ output }: Operation): AgentDocument | null | undefined {
  const document = field(output, "document");
  if (document === null) return null;
  const whole =
    Number.isInteger(field(document, "version")) &&
    isObject(field(document, "blocks")) &&
    isObject(field(document, "state")) &&
    Array.isArray(field(document, "events")) &&
    Array.isArray(field(document, "archive"));
  return whole ? (document as unknown as AgentDocument) : undefined;
}

function isObject(value: Json | undefined): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const agentOf = ({ input }: Operation): string => textField(input, "agent");

/** All imports, by the agent that is to be made. */
export function importsByAgent(operations: readonly Operation[], names: Pick<DocumentNames, "import">): ReadonlyMap<string, readonly Operation[]> {
  return Map.groupBy(
    operations.filter(({ f }) => f === names.import),
    agentOf,
  );
}

/** The same content has the same text, however its fields are ordered; the agent's own id is no content. */
export function contentOf(document: Json): string {
  return JSON.stringify({ ...(document as object), id: undefined }, (_, value) => {
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Names of the keys of a history: different ones for different keys. Pure. */
import type { Json } from "../core/history.ts";
import type { Draft } from "./event.ts";

export interface KeyNames {
  /**
   * Names the operation's key, where it has none yet; null is none.
   * @returns whether it is the operation's key now
   */
  give(operation: Draft, key: Json): boolean;
  /** A key 1 and a key "1" are two: where a history has both, the text is named with its quotes. */
  finish(): void;
}

/** What may be the JSON of something else. */
const looksLikeJson = /^(?:-?\d|[["{]|(?:true|false|null)$)/;

export function createKeyNames(): KeyNames {
  const named: Draft[] = [];
  const others = new Set<string>();
  return {
    give(operation, key) {
      if (key === null) return true;
      const name = typeof key === "string" ? key : JSON.stringify(key);
      if (operation.key !== "") return operation.key === name;
      operation.key = name;
      if (typeof key !== "string") others.add(operation.key);
      else if (looksLikeJson.test(key)) named.push(operation);
      return true;
    },
    finish() {
      if (others.size === 0) return;
      const quoted = new Set(named.map(({ key }) => key).filter((key) => others.has(key)));
      // Text that begins with a quote may be what another one is named now.
      for (const operation of named) if (quoted.has(operation.key) || operation.key.startsWith('"')) operation.key = JSON.stringify(operation.key);
    },
  };
}

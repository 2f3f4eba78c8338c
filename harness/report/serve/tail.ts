/** A JSON-lines file that somebody else is still writing: each call reads what has come since the last one. */
import { open } from "node:fs/promises";
import type { Json } from "../../core/history.ts";

type Row = { readonly [key: string]: Json };

const chunkBytes = 1024 * 1024;
/** A longer line is damage, and must not fill the memory. */
const lineAtMost = 4 * 1024 * 1024;

/** Answers a function that calls `each` for every whole line that is a JSON object and has not been seen yet. A missing file has no lines; a line that is no record is passed over. */
export function tailOf(path: string, each: (row: Row) => void): () => Promise<void> {
  let offset = 0;
  let rest = "";
  let decoder = new TextDecoder();
  const buffer = Buffer.alloc(chunkBytes);
  return async () => {
    const file = await open(path, "r").catch(() => undefined);
    if (file === undefined) return;
    try {
      // Written anew from its beginning.
      if ((await file.stat()).size < offset) [offset, rest, decoder] = [0, "", new TextDecoder()];
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, offset);
        if (bytesRead === 0) return;
        offset += bytesRead;
        const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        if (rest.length > lineAtMost) rest = "";
        for (const line of lines) {
          const row = parse(line);
          if (row) each(row);
        }
      }
    } finally {
      await file.close();
    }
  };
}

function parse(line: string): Row | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : null;
  } catch {
    return null;
  }
}

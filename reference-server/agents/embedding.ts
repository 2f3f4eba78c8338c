/**
 * A deterministic stand-in for an embedding model: how often each word occurs, words hashed into a fixed number of dimensions.
 * Texts that share words are near each other.
 */
import { createHash } from "node:crypto";

export const dimensions = 256;
/** With counts up to this, every sum that a cosine needs stays below 2^24: whole numbers that even 32-bit floats add exactly. */
const largestCount = 255;

function dimensionOf(word: string): number {
  return createHash("sha256").update(word).digest().readUInt16BE() % dimensions;
}

/** The text's vector, never all zero: a text without words counts as one word. */
export function embed(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    const dimension = dimensionOf(word);
    vector[dimension] = Math.min(largestCount, (vector[dimension] ?? 0) + 1);
  }
  return vector;
}

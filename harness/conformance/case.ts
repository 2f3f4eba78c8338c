/** A line of `histories.jsonl`. */
import type { Json } from "../core/history.ts";

export interface ConformanceCase {
  readonly id: string;
  readonly model: string;
  /** Found by trying every order of the operations. */
  readonly valid: boolean;
  /** Lines of our own JSON. */
  readonly history: readonly Json[];
}

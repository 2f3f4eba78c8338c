/** What judging will take where it grows with the history alone, told before anything is built. */
import type { Json, Operation } from "../core/history.ts";
import type { Model } from "../core/model.ts";

/** As seen on 300,000 operations (bytes): how much the process grew, garbage and all. */
interface Takes {
  readonly perOperation: number;
  /** For each value in an operation's input or output; text counts beside it. */
  readonly perValue: number;
  /** What is taken beside that, such as for each of the keys (bytes). */
  readonly beside?: (operations: readonly Operation[]) => number;
}

/** The model, which does not begin what would take more memory than is allowed: the verdict is unknown then. */
export function withinMemory(model: Model, { perOperation, perValue, beside }: Takes): Model {
  const bytesOf = (value: Json): number => {
    if (typeof value === "string") return perValue + value.length;
    if (typeof value !== "object" || value === null) return value === null ? 0 : perValue;
    return Object.values(value).reduce<number>((sum, one: Json) => sum + bytesOf(one), 0);
  };
  const bytesFor = (operations: readonly Operation[]): number =>
    operations.reduce(
      (sum, { input, output, outcome }) => sum + perOperation + bytesOf(outcome === "ok" ? (output ?? input) : input),
      beside?.(operations) ?? 0,
    );
  return {
    ...model,
    check(operations, options) {
      const bytes = Number.isFinite(options.memoryLimitBytes) ? bytesFor(operations) : 0;
      if (bytes <= options.memoryLimitBytes) return model.check(operations, options);
      const note = `To judge ${operations.length} operations takes about ${Math.ceil(bytes)} bytes, more than the memory limit of ${options.memoryLimitBytes} bytes.`;
      return { valid: "unknown", algorithm: "none", operations: 0, anomalies: [], notes: [note], numbers: {} };
    },
  };
}

/** The first start of a deployment: all its instances at once. */
import { EndedEarly } from "./child.ts";
import type { ProcessInstance } from "./instance.ts";

/**
 * Starts all instances at once. Where some end by themselves and others come up, those are started again, one after another, and named: what kept them from it lay in the others. When nobody comes up,
 * or one fails otherwise or a second time, it says why.
 */
export async function startAtOnce(instances: readonly Pick<ProcessInstance, "name" | "start">[]): Promise<readonly string[]> {
  const results = await Promise.allSettled(instances.map((instance) => instance.start()));
  const reasons = results.map((result) => (result.status === "rejected" ? result.reason : undefined));
  const ended = instances.filter((_, i) => reasons[i] instanceof EndedEarly);
  for (const reason of reasons) if (reason !== undefined && (ended.length === instances.length || !(reason instanceof EndedEarly))) throw reason;
  for (const instance of ended) await instance.start();
  return ended.map(({ name }) => name);
}

/** What faults of one region among several share. */
import { ask } from "../../drivers/asking.ts";
import type { Region } from "../../drivers/groups.ts";
import type { Instance, Stack } from "../../drivers/stack.ts";
import { instanceNamed } from "../fault.ts";

/** The region that a fault is aimed at, and the others. Throws when there is none of that name. */
export function regionNamed({ regions = [] }: Stack, name: string): { readonly region: Region; readonly others: readonly Region[] } {
  const region = regions.find((one) => one.name === name);
  if (!region) throw new Error(`A fault was aimed at the region "${name}". There are: ${regions.map((one) => one.name).join(", ") || "none"}.`);
  return { region, others: regions.filter((one) => one !== region) };
}

export const instancesOf = (stack: Stack, { instances }: Region): readonly Instance[] => instances().map((name) => instanceNamed(stack, name));

export const answersPing = ({ redis }: Region): Promise<boolean> =>
  redis.command("PING").then(
    (answer) => answer === "PONG",
    () => false,
  );

/** What an instance's page says of its Redis; undefined when it says nothing within the time (ms). */
export async function saysOfRedis({ port }: Instance, page: string, withinMs: number): Promise<"up" | "down" | undefined> {
  const { body } = await ask(port, page, withinMs);
  try {
    return (JSON.parse(body) as { readonly components?: { readonly redis?: { readonly status?: "up" | "down" } } }).components?.redis?.status;
  } catch {
    return undefined;
  }
}

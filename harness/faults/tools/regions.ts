/** What faults of one region among several share. */
import { ask } from "../../drivers/asking.ts";
import type { Region } from "../../drivers/groups.ts";
import type { Instance, Stack } from "../../drivers/stack.ts";
import { instanceNamed } from "../fault.ts";
import { statesIn } from "./health-page.ts";

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

/** Whether an instance's page says that its Redis is there; undefined when it says nothing within the time (ms). */
export async function saysOfRedis({ port }: Instance, page: string, withinMs: number): Promise<boolean | undefined> {
  const { body } = await ask(port, page, withinMs);
  try {
    return statesIn(JSON.parse(body)).redis;
  } catch {
    return undefined;
  }
}

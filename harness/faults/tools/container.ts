import type { InstanceContainer, Stack } from "../../drivers/stack.ts";
import { instanceNamed } from "../fault.ts";

/** What a fault on a container acts on. The driver that has none never gets here: see `needs`. */
export function containerNamed(stack: Stack, name: string): InstanceContainer {
  const { container } = instanceNamed(stack, name);
  if (container === undefined) throw new Error(`${name} was expected to have a container of its own and has none.`);
  return container;
}

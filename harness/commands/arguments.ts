/** What several commands take alike on the command line. */
import { InvalidArgumentError, Option } from "commander";
import type { Target } from "../core/target.ts";
import type { Containers } from "../drivers/compose/inside.ts";

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of at least 1.");
  return Number(text);
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("Expected a number above 0.");
  return value;
}

export function atLeastZero(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0) || !Number.isFinite(value)) throw new InvalidArgumentError("Expected a number of at least 0.");
  return value;
}

export function seedNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0xffffffff)
    throw new InvalidArgumentError("Expected a whole number from 0 to 4294967295, as a run prints it.");
  return Number(text);
}

/** Names separated by commas; the option may come more than once. None at all would mean everything: nobody asks for that by an empty text. */
export function names(text: string, before: readonly string[] = []): readonly string[] {
  const named = text.split(",").filter((name) => name !== "");
  if (named.length === 0) throw new InvalidArgumentError("Expected at least one name.");
  return [...before, ...named];
}

const drivers = ["process", "compose"] as const;
export type DriverName = (typeof drivers)[number];

export const driverOption = (): Option =>
  new Option("--driver <name>", "instances as processes of this machine, or as containers (compose.yaml)").choices(drivers).default("process");

/**
 * Does the work with what the driver takes: an engine and images where instances are containers, those of a Postgres that fails over where it is `clustered`. Resolves to its exit status.
 * @throws UserError (69) when there is no engine or an image cannot be had
 */
export async function onDriver(
  driver: DriverName | undefined,
  on: {
    readonly project: string;
    readonly target: Target;
    readonly clustered: boolean;
    readonly signal: AbortSignal;
    readonly say: (line: string) => void;
  },
  work: (containers: Containers | undefined) => Promise<number>,
): Promise<number> {
  if (driver !== "compose") return work(undefined);
  const { withContainers } = await import("../drivers/compose/inside.ts");
  const services = ["postgres", "redis", "toxiproxy", "nginx", ...Object.keys(on.target.topology)];
  return withContainers(on.project, on.target, services, on, work);
}

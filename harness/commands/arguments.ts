/** Values on the command line that several commands read alike. */
import { InvalidArgumentError } from "commander";

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

/** Names separated by commas; the option may come more than once. */
export function names(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(",").filter((name) => name !== "")];
}

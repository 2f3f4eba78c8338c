/** Reads what a capacity run left. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../base/errors.ts";
import type { CapacityResult } from "../capacity/result.ts";

const file = "capacity.json";

export function isCapacityRun(directory: string): boolean {
  return existsSync(join(directory, file));
}

/** @throws UserError when there is none, or it is of another version */
export async function readCapacity(directory: string): Promise<CapacityResult> {
  const path = join(directory, file);
  let result: CapacityResult;
  try {
    result = JSON.parse(await readFile(path, "utf8")) as CapacityResult;
  } catch (error) {
    throw new UserError(`${directory} was expected to be the directory of a capacity run, with ${file} in it: ${messageOf(error)}`);
  }
  if (result?.version !== 1 || !Array.isArray(result.scaling) || !Array.isArray(result.pairs))
    throw new UserError(`${path} was expected to be of version 1 and is not; measure again with npm run capacity.`);
  return result;
}

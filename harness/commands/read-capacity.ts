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
  if (result?.version !== 1) throw new UserError(`${path} was expected to be of version 1 and is not; measure again with npm run capacity.`);
  const missing = missingIn(result);
  if (missing !== "") throw new UserError(`${path} was expected to have ${missing} and has not; measure again with npm run capacity.`);
  return result;
}

/** What of the record is not there, in words; "": nothing. Somebody else's hand may have been in the file. */
function missingIn(result: CapacityResult): string {
  const objects = ["machine", "settings", "objectives"] as const;
  const object = objects.find((name) => !isObject(result[name]));
  if (object) return `an object "${object}"`;
  const lists = ["searched", "scaling", "noise", "pairs"] as const;
  const list = lists.find((name) => !Array.isArray(result[name]));
  if (list) return `a list "${list}"`;
  const points = [...result.searched, ...result.scaling, ...[...result.noise, ...result.pairs].flatMap((pair) => [pair?.a, pair?.b])];
  return points.every((point) => isObject(point) && isObject(point.validity) && isObject(point.counts)) ? "" : "points with validity and counts";
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

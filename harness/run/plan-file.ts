/** A smaller experiment that `--minimise` found, as the file that `--plan` carries out. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../base/errors.ts";
import type { ScheduledFault } from "../core/experiment.ts";
import type { Plan } from "../core/plan.ts";

export interface PlanFile extends Plan {
  /** The experiment's id. */
  readonly experiment: string;
  readonly seed: number;
}

export const writePlan = (path: string, plan: PlanFile): Promise<void> => writeFile(path, `${JSON.stringify(plan, null, 1)}\n`);

/** @throws UserError when it is no plan, or names a fault that does not exist */
export async function readPlan(project: string, path: string): Promise<PlanFile> {
  const wrong = (why: string): UserError =>
    new UserError(`${path} was expected to be a plan, as --minimise leaves it ({ experiment, seed, perSecond, schedule }): ${why}.`);
  const plan: unknown = await readFile(path, "utf8")
    .then(JSON.parse)
    .catch((error) => {
      throw wrong(messageOf(error));
    });
  if (!isPlan(plan)) throw wrong("something of these is missing or of another kind");
  for (const { fault } of plan.schedule) {
    if (!/^[a-z-]+$/.test(fault) || !existsSync(join(project, "harness/faults", `${fault}.ts`))) throw wrong(`there is no fault "${fault}"`);
  }
  return plan;
}

function isPlan(value: unknown): value is PlanFile {
  const { experiment, seed, perSecond, schedule } = (value ?? {}) as Partial<PlanFile>;
  const counts = [seed, perSecond].every((number) => Number.isSafeInteger(number) && (number ?? -1) >= 0);
  return typeof experiment === "string" && counts && (perSecond ?? 0) > 0 && Array.isArray(schedule) && schedule.every(isFault);
}

function isFault(value: unknown): value is ScheduledFault {
  const { fault, on, atMs, forMs, options } = (value ?? {}) as Partial<ScheduledFault>;
  const times = [atMs, forMs].every((ms) => typeof ms === "number" && ms >= 0 && ms < 86_400_000);
  return typeof fault === "string" && typeof on === "string" && times && (options === undefined || (typeof options === "object" && options !== null));
}

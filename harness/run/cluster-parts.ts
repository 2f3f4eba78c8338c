/** What a Postgres that fails over is brought up from: provided for the runs that bring one up, and for no others. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/errors.ts";
import { type Experiment, isCluster, type Layout } from "../core/experiment.ts";
import type { ProcessParts } from "../drivers/process/stack.ts";
import { clustered, MissingPartError, provision } from "../provision/provision.ts";

/** By which nodes are copied, rewound and managed: a Postgres that only serves has none of them. */
const programs = ["pg_basebackup", "pg_rewind", "pg_controldata", "pg_ctl"];

/** Whether one of the experiments brings such a Postgres up; `asked`: the layout of those that fix none. */
export function needsCluster(experiments: readonly Pick<Experiment, "layout">[], asked: Layout): boolean {
  return experiments.some(({ layout = asked }) => isCluster(layout));
}

/**
 * The parts, or a sentence that says why they cannot be had here; undefined where none of the experiments needs them.
 * @throws MissingPartError when the layout was asked for and they cannot be had
 */
export async function provideCluster(
  experiments: readonly Pick<Experiment, "layout">[],
  asked: Layout,
  postgres: { readonly path: string },
  options: { readonly signal: AbortSignal; readonly onProgress: (line: string) => void },
): Promise<ProcessParts["cluster"]> {
  if (!needsCluster(experiments, asked)) return undefined;
  try {
    for (const program of programs) {
      await access(join(postgres.path, program)).catch(() => {
        const advice = "Install PostgreSQL's own packages, or set RUNPROOF_POSTGRES to a directory that has it.";
        throw new MissingPartError("postgres", `Expected ${program} beside postgres in ${postgres.path} and found none. ${advice}`);
      });
    }
    return await provision({ ...options, only: clustered });
  } catch (error) {
    if (!(error instanceof MissingPartError) || isCluster(asked)) throw error;
    return messageOf(error);
  }
}

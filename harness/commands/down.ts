/** `runproof down`: ends what killed runs left behind, processes and containers alike. */
import { exit } from "../base/errors.ts";
import type { Cleaned } from "../drivers/process/run-state.ts";

/** A run that is alive is never touched, and what `up` has kept only when asked for. @returns the exit status */
export async function down(project: string, kept: boolean, out: NodeJS.WriteStream): Promise<number> {
  // Containers first: whether a run lives is told by its directory, which goes with the processes.
  const inContainers = await cleanContainers(project, kept);
  const { cleanDeadRuns } = await import("../drivers/process/run-state.ts");
  const found = [...inContainers, await cleanDeadRuns()];
  const line = (what: string, all: readonly string[]): string => (all.length > 0 ? `${what}: ${all.join(", ")}\n` : "");
  const told =
    line(
      "ended",
      found.flatMap(({ ended }) => ended),
    ) +
    line(
      "removed",
      found.flatMap(({ removed }) => removed),
    ) +
    line(
      "left alone, its run is alive",
      found.flatMap(({ alive }) => alive),
    );
  out.write(told || "Nothing was left behind.\n");
  return exit.holds;
}

/** An engine of our own that nobody uses is ended, too. */
async function cleanContainers(project: string, kept: boolean): Promise<Cleaned[]> {
  const { isIdle, openRunningEngine } = await import("../drivers/compose/engine.ts");
  const { cleanDeadContainers } = await import("../drivers/compose/clean.ts");
  const { leaveOwnEngine } = await import("../drivers/compose/own-engine.ts");
  const engine = await openRunningEngine();
  if (engine === undefined) return [];
  const cleaned = await cleanDeadContainers(engine.docker);
  const ended = kept && (await endKept(project));
  const stopped = engine.own && (await leaveOwnEngine(() => isIdle(engine.docker)));
  return [cleaned, { ended: [...(ended ? ["the kept deployment"] : []), ...(stopped ? ["our own Docker engine"] : [])], removed: [], alive: [] }];
}

async function endKept(project: string): Promise<boolean> {
  const { openEngine } = await import("../drivers/compose/engine.ts");
  const { endDeployment } = await import("./deployment.ts");
  await using engine = await openEngine({ signal: new AbortController().signal, say: () => {} });
  return await endDeployment(project, engine);
}

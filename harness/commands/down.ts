/** `runproof down`: ends what killed runs left behind and what `up` has kept, processes and containers alike. */
import { exit } from "../base/errors.ts";
import type { Engine } from "../drivers/compose/engine.ts";
import type { Cleaned } from "../drivers/process/run-state.ts";

/** A run that is alive is never touched. @returns the exit status */
export async function down(project: string, out: NodeJS.WriteStream): Promise<number> {
  // Containers first: whether a run lives is told by its directory, which goes with the processes.
  const inContainers = await cleanContainers(project);
  const { endKeptProcesses } = await import("../kept/processes.ts");
  const kept = (await endKeptProcesses()) ? ["the kept deployment of processes"] : [];
  const { cleanDeadRuns } = await import("../drivers/process/run-state.ts");
  const found = [...inContainers, ended(kept), await cleanDeadRuns()];
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
async function cleanContainers(project: string): Promise<Cleaned[]> {
  const { openRunningEngine, reviveOwnEngine } = await import("../drivers/compose/engine.ts");
  const running = await openRunningEngine();
  const revived = await reviveOwnEngine({ signal: new AbortController().signal, say: () => {} });
  const engines = [running, revived].filter((engine) => engine !== undefined);
  const cleaned: Cleaned[] = [];
  for (const engine of engines) cleaned.push(...(await cleanOn(project, engine)));
  return cleaned;
}

async function cleanOn(project: string, engine: Pick<Engine, "docker" | "own">): Promise<Cleaned[]> {
  const { isIdle } = await import("../drivers/compose/engine.ts");
  const { cleanDeadContainers } = await import("../drivers/compose/clean.ts");
  const { leaveOwnEngine, ownEnginePid } = await import("../drivers/compose/own-engine.ts");
  const { endKeptContainers } = await import("../kept/containers.ts");
  const cleaned = await cleanDeadContainers(engine.docker);
  const kept = await endKeptContainers(project, engine.docker);
  if (engine.own) await leaveOwnEngine(() => isIdle(engine.docker));
  const stopped = engine.own && ownEnginePid() === undefined;
  return [cleaned, ended([...(kept ? ["the kept deployment of containers"] : []), ...(stopped ? ["our own Docker engine"] : [])])];
}

const ended = (what: readonly string[]): Cleaned => ({ ended: what, removed: [], alive: [] });

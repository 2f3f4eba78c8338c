/** What keeps a deployment from carrying more, named from what its gauges showed while it was asked for too much; each name with its evidence. */

/** A thing of which each instance has only so many: connections of a pool, places for runs. */
export interface InstanceLimit {
  readonly by: "pool" | "instance limit";
  /** In words: "runs at a time". */
  readonly what: string;
  readonly role: string;
  /** Sampled gauges: how many are in use, how many callers wait for one (absent: they wait elsewhere, in the queue). */
  readonly inUse: string;
  readonly waiting?: string;
  readonly perInstance: number;
}

/** Means over a window; cores are processors kept busy. */
export interface Usage {
  readonly cores: number;
  readonly generatorCores: number;
  readonly databaseCores: number;
  /** Of everything on the machine, programs that are not part of the run included. */
  readonly busyCores: number;
  /** Of programs that are not part of the run. */
  readonly othersCores: number;
  /** Sessions that waited for a lock of Postgres. */
  readonly locksWaiting: number;
  readonly instances: readonly {
    readonly name: string;
    readonly role: string;
    readonly cores: number;
    /** Means of the sampled gauges. */
    readonly gauges: Readonly<Record<string, number>>;
  }[];
}

export interface Named {
  readonly by: "generator" | "database" | "pool" | "instance limit" | "serial section" | "cpu" | "unknown";
  readonly evidence: string;
}

/** A window as far as its limit is asked for. */
export interface Loaded {
  readonly achievedPerSecond: number;
  readonly p50Ms: number;
  readonly usage: Usage;
}

/** In use on average, from this share on, is all. */
const fullShare = 0.9;
/** A processor this busy has nothing left for anybody who waits (share). */
const busyShare = 0.9;
/** Work that takes this much longer than with the place to itself is held up by something else than the number of places. */
const slower = 1.4;

/**
 * @param loaded a window beyond the limit
 * @param quiet one client by itself: how long work takes with the place to itself
 * @param frontInstances instances that answer clients
 */
export function nameLimit(loaded: Loaded, quiet: Loaded, limits: readonly InstanceLimit[], frontInstances: number): Named {
  const { usage } = loaded;
  const reached = limits.map((limit) => reachedBy(limit, usage));
  const pool = reached.find(({ limit, full }) => limit.by === "pool" && full);
  if (pool) return { by: "pool", evidence: pool.evidence };
  const places = reached.find(({ limit, full }) => limit.by === "instance limit" && full);
  // Places are also full where everything in them is slow for lack of a processor.
  if (places && heldMs(places.limit, loaded) <= slower * heldMs(places.limit, quiet)) return { by: "instance limit", evidence: places.evidence };
  if (usage.locksWaiting >= 1)
    return { by: "database", evidence: `${usage.locksWaiting.toFixed(1)} sessions waited for a lock of Postgres on average` };
  const cpu = processor(usage, usage.busyCores - usage.othersCores);
  if (cpu !== "") return { by: "cpu", evidence: cpu };
  const inService = (loaded.achievedPerSecond * quiet.p50Ms) / 1000;
  const one = [1, frontInstances].find((count) => inService >= 0.5 * count && inService <= 1.3 * count);
  if (one !== undefined && loaded.p50Ms > 2 * quiet.p50Ms) {
    const where = one === 1 ? "in all" : `on each of ${one} instances`;
    const evidence = `${loaded.achievedPerSecond.toFixed(1)}/s of ${quiet.p50Ms.toFixed(0)} ms are ${inService.toFixed(1)} at a time, one ${where}, while processors, pools and places were free`;
    return { by: "serial section", evidence };
  }
  return places
    ? { by: "instance limit", evidence: places.evidence }
    : { by: "unknown", evidence: `nothing that is sampled was used up: ${all(usage)}` };
}

function reachedBy(limit: InstanceLimit, usage: Usage): { readonly limit: InstanceLimit; readonly full: boolean; readonly evidence: string } {
  const instances = usage.instances.filter(({ role }) => role === limit.role);
  const used = instances.map(({ gauges }) => gauges[limit.inUse] ?? 0);
  const waiting = limit.waiting === undefined ? undefined : instances.map(({ gauges }) => gauges[limit.waiting as string] ?? 0);
  const fullest = Math.max(0, ...used);
  const mean = used.reduce((sum, one) => sum + one, 0) / Math.max(1, used.length);
  // A pool is short where somebody waits for it; places where those of all instances are taken.
  const full =
    waiting === undefined ? mean >= fullShare * limit.perInstance : Math.max(0, ...waiting) >= 1 && fullest >= fullShare * limit.perInstance;
  const most = waiting === undefined ? mean : fullest;
  const callers = waiting === undefined ? "" : ` and ${Math.max(0, ...waiting).toFixed(1)} callers waited for one`;
  return {
    limit,
    full,
    evidence: `${most.toFixed(1)} of ${limit.perInstance} ${limit.what} of ${limit.role} instances were in use on average${callers}`,
  };
}

/** Little's law: how long one piece of work keeps its place (ms). */
function heldMs(limit: InstanceLimit, { usage, achievedPerSecond }: Loaded): number {
  const used = usage.instances.filter(({ role }) => role === limit.role).reduce((sum, { gauges }) => sum + (gauges[limit.inUse] ?? 0), 0);
  return (used / achievedPerSecond) * 1000;
}

function processor(usage: Usage, keptBusy: number): string {
  const share = keptBusy / usage.cores;
  const busiest = usage.instances.reduce<Usage["instances"][number] | undefined>(
    (most, one) => (one.cores > (most?.cores ?? 0) ? one : most),
    undefined,
  );
  if (busiest && busiest.cores >= busyShare) return `${busiest.name} kept ${busiest.cores.toFixed(2)} of the one processor busy that it can use`;
  return share >= busyShare ? `the machine's ${usage.cores} processors were ${(share * 100).toFixed(0)} % busy: ${all(usage)}` : "";
}

function all({ othersCores, generatorCores, databaseCores, instances }: Usage): string {
  const own = instances.reduce((sum, { cores }) => sum + cores, 0);
  return `instances ${own.toFixed(2)}, Postgres ${databaseCores.toFixed(2)}, generator ${generatorCores.toFixed(2)}, other programs ${othersCores.toFixed(2)} cores`;
}

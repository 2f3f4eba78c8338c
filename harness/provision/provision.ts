/**
 * From a machine that may have nothing to programs that run: each part is looked for (explicit variable, PATH, cache), and what is missing is
 * provided into the cache. Nothing is installed system-wide.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../base/errors.ts";
import { cacheDirectory, fillFolder, openDirectory } from "./cache.ts";
import { chromium } from "./chromium.ts";
import { etcd } from "./etcd.ts";
import { haproxy } from "./haproxy.ts";
import { k6 } from "./k6.ts";
import { closedNote, environmentOf, type Located, locate, partInFolder, versionOf } from "./locate.ts";
import { nginx } from "./nginx.ts";
import { MissingPartError, type Part, type PartName, type PartSpec, type Way } from "./part.ts";
import { patroni } from "./patroni.ts";
import { postgres } from "./postgres.ts";
import { prometheus } from "./prometheus.ts";
import { redis } from "./redis.ts";
import { toxiproxy } from "./toxiproxy.ts";

export { MissingPartError } from "./part.ts";

export const specs: Readonly<Record<PartName, PartSpec>> = { k6, toxiproxy, nginx, redis, postgres, patroni, etcd, haproxy, chromium, prometheus };

/** What every `npm run chaos` needs; chromium is only for tests, and prometheus for them and for experiments that evaluate alerts. */
export const required = ["k6", "toxiproxy", "nginx", "redis", "postgres"] as const satisfies readonly PartName[];

/** What a Postgres that fails over needs beside them: fetched by the runs that bring one up. */
export const clustered = ["patroni", "etcd", "haproxy"] as const satisfies readonly PartName[];

export type Parts<N extends PartName = (typeof required)[number]> = Readonly<Record<N, Part>>;

export interface ProvisionOptions<N extends PartName> {
  readonly signal?: AbortSignal;
  /** Progress for people, one line at a time; silent when everything is there. */
  readonly onProgress?: (line: string) => void;
  /** Only these; the five required ones when absent. */
  readonly only?: readonly N[];
}

const tickMs = 15_000;

/**
 * Makes sure that the parts are there and answers where. Rejects with MissingPartError (exit status 69) when one cannot be had; with the signal's
 * reason when aborted, leaving only a temporary folder that the next run removes.
 */
export async function provision<N extends PartName = (typeof required)[number]>(options: ProvisionOptions<N> = {}): Promise<Parts<N>> {
  const say = options.onProgress ?? ((): void => undefined);
  const names = options.only ?? (required as readonly PartName[] as readonly N[]);
  const looked = await Promise.all(names.map(async (name) => ({ spec: specs[name], ...(await locate(specs[name])) })));
  const missing = looked.filter((one) => one.found === undefined);
  if (missing.length > 0) {
    say(`Into ${cacheDirectory()} come, once (nothing is installed system-wide): ${estimate(missing.map((one) => one.spec))}.`);
  }
  // The first failure ends the others: half an answer is of no use, and the sentence should come now.
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const turns = new Map<string, Promise<unknown>>();
  const settled = await Promise.allSettled(
    looked.map(async (one): Promise<Part> => {
      if (one.found !== undefined) return one.found;
      try {
        return await provide(one.spec, one, { say, signal, turns });
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }),
  );
  options.signal?.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  return Object.fromEntries(settled.map((one, i) => [names[i], (one as PromiseFulfilledResult<Part>).value])) as unknown as Parts<N>;
}

/** "k6 (building from Go source, about 2 min), nginx (...); about 3 min in all", counting ways that take turns one after another. */
function estimate(all: readonly PartSpec[]): string {
  const lanes = new Map<string, number>();
  const each = all.flatMap((spec) => {
    const way = spec.ways[0];
    if (way === undefined) return [];
    const lane = way.turn ?? spec.name;
    lanes.set(lane, (lanes.get(lane) ?? 0) + way.aboutMs);
    return [`${spec.name} (${way.what}, about ${duration(way.aboutMs)})`];
  });
  return `${each.join(", ")}; about ${duration(Math.max(...lanes.values()))} in all`;
}

function duration(ms: number): string {
  return ms < 90_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`;
}

interface Providing {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly turns: Map<string, Promise<unknown>>;
}

/** Tries the ways of a part in turn; the sentence of the last resort names every one that was closed. */
async function provide(spec: PartSpec, { second, passed }: Located, providing: Providing): Promise<Part> {
  const closed: string[] = [];
  const ways = spec.ways.filter((way) => second === undefined || way.preferred);
  for (const way of ways) {
    try {
      return await inTurn(way, providing, () => tryWay(spec, way, providing));
    } catch (error) {
      providing.signal.throwIfAborted();
      const why = messageOf(error);
      closed.push(`${way.what}: ${why}`);
      if (way.preferred) await openDirectory(cacheDirectory()).then(() => writeFile(closedNote(way), why));
      if (second !== undefined || way !== ways.at(-1)) providing.say(`${spec.name}: ${way.what} is not possible here (${why}).`);
    }
  }
  if (second !== undefined) return second;
  const unfit = passed.length > 0 ? ` (${passed.join("; ")})` : "";
  throw new MissingPartError(
    spec.name,
    `Expected ${spec.name} ${spec.wanted} and found none${unfit}, and it cannot be provided here: ${closed.join("; ")}. ${spec.advice}`,
  );
}

async function inTurn<T>(way: Way, providing: Providing, work: () => Promise<T>): Promise<T> {
  if (way.turn === undefined) return work();
  const before = providing.turns.get(way.turn) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(work);
  providing.turns.set(way.turn, mine);
  return mine;
}

async function tryWay(spec: PartSpec, way: Way, providing: Providing): Promise<Part> {
  const { say, signal } = providing;
  signal.throwIfAborted();
  const cache = cacheDirectory();
  const folder = join(cache, way.folder);
  const began = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - began) / 1000)} s`;
  let now = way.what;
  say(`${spec.name}: ${way.what}, about ${duration(way.aboutMs)}`);
  const ticker = setInterval(() => say(`${spec.name}: ${now} ... ${seconds()}`), tickMs);
  try {
    const made = await fillFolder(
      folder,
      {
        signal,
        onWait: (pid) => {
          now = `waiting for process ${pid}, which is providing it`;
          say(`${spec.name}: ${now}`);
        },
        usable: (there) =>
          partInFolder(spec, folder, there).then(
            () => true,
            () => false,
          ),
      },
      async (into) => {
        const doing = (what: string): void => {
          now = what;
        };
        const fresh = await way.make({ into, cache, signal, doing });
        // Verified where it is, before it gets its name.
        const version = await versionOf(spec, join(into, fresh.path), environmentOf(into, fresh));
        return { ...fresh, version };
      },
    );
    say(`${spec.name} ${made.version}: ready after ${seconds()} (${made.source})`);
    return await partInFolder(spec, folder, made);
  } finally {
    clearInterval(ticker);
  }
}

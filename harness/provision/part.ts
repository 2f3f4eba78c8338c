/** The parts runproof needs beside npm packages, and how each is described. */
import { exit, UserError } from "../base/errors.ts";

export type PartName = "k6" | "toxiproxy" | "nginx" | "redis" | "postgres" | "patroni" | "etcd" | "haproxy" | "chromium" | "prometheus";

/** A part that is there and has answered with its version. */
export interface Part {
  readonly name: PartName;
  readonly version: string;
  /** The program; for Postgres the directory of its programs. */
  readonly path: string;
  /** What to add to the environment to run it. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it came from and why it was chosen, for people. */
  readonly source: string;
  /** Set when it has to run as somebody else: Postgres refuses root. */
  readonly uid?: number;
  readonly gid?: number;
}

/** What a way put into its folder; paths are relative to the folder, so that it can be renamed into place. */
export interface Made {
  readonly path: string;
  /** Directories of shared libraries. */
  readonly libraries: readonly string[];
  /** Further environment variables that name a path. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly source: string;
}

export interface WayContext {
  /** Empty directory to fill. */
  readonly into: string;
  readonly cache: string;
  readonly signal: AbortSignal;
  /** Says what it is doing now: "downloading 4 packages". */
  readonly doing: (what: string) => void;
}

/** One way to provide a part that the machine lacks. */
export interface Way {
  /** Name of its folder in the cache; changes with the pinned version. */
  readonly folder: string;
  /** "building from Go source", for progress. */
  readonly what: string;
  /** Usual duration (ms), for the estimate. */
  readonly aboutMs: number;
  /** Ways of one kind take turns: two Go builds at once would only slow each other down. */
  readonly turn?: string;
  /** Set when it provides what the spec prefers. */
  readonly preferred?: boolean;
  /** Rejects with one sentence when this way is closed here. */
  make(context: WayContext): Promise<Made>;
}

export interface PartSpec {
  readonly name: PartName;
  /** Environment variable that names it explicitly. */
  readonly variable: string;
  /** What versions will do, for people: "1.8 or later". */
  readonly wanted: string;
  /** Names to look for on PATH, and directories to look in besides. */
  readonly commands: readonly string[];
  folders(): readonly string[];
  /** Set when `path` is a directory: the program in it that tells the version. */
  readonly program?: string;
  /** Further programs that have to be in that directory. */
  readonly companions?: readonly string[];
  readonly versionArguments: readonly string[];
  parse(output: string): string | undefined;
  accepts(version: string): boolean;
  /** Who has to be able to run it; nobody in particular when absent. */
  runAs?(): { readonly uid: number; readonly gid: number } | undefined;
  /** What a better candidate has; one without it serves where no preferred way is open. */
  readonly prefers?: { readonly what: string; has(path: string): Promise<boolean> };
  readonly ways: readonly Way[];
  /** What a person does when nothing else worked. */
  readonly advice: string;
}

/** A part is missing and cannot be provided here, or the one named explicitly is unusable. The command line maps it to exit status 69. */
export class MissingPartError extends UserError {
  override name = "MissingPartError";
  readonly part: PartName;
  constructor(part: PartName, message: string) {
    super(message, exit.missing);
    this.part = part;
  }
}

/** Compares dotted versions by their numbers: negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => text.split(".").map((field) => Number.parseInt(field, 10) || 0));
  for (let i = 0; i < Math.max(x?.length ?? 0, y?.length ?? 0); i++) {
    const difference = (x?.[i] ?? 0) - (y?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** From `oldest` on; with `below`, up to the versions before it. */
export const atLeast =
  (oldest: string, below?: string) =>
  (version: string): boolean =>
    compareVersions(version, oldest) >= 0 && (below === undefined || compareVersions(version, below) < 0);

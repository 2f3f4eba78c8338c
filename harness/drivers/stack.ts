/** A running topology as experiments and faults see it, whichever driver brought it up. An ability a driver lacks is an absent property. */
import type { Client } from "pg";

export type StopMode = "smart" | "fast" | "immediate" | "kill";

export interface Instance {
  /** `queue-2`. Keeps its name and its port over restarts. */
  readonly name: string;
  readonly role: string;
  readonly port: number;
  pid(): number | undefined;
  /** Scheduler state: `T` is stopped; undefined when gone. */
  processState(): string | undefined;
  kill(): Promise<void>;
  /** Sends the signal and waits for the end, at most `graceMs`, then kills. Resolves with how it ended (`exit 0`, `signal SIGKILL`) and after how long. */
  terminate(signal: "SIGINT" | "SIGTERM", graceMs: number): Promise<{ readonly how: string; readonly afterMs: number }>;
  /** Starts it (again) and waits until it answers ready. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Whether its readiness path answers 200 within the time (ms). */
  isReady(withinMs: number): Promise<boolean>;
  /** The target's sampled gauges; empty where the instance does not answer within the time (ms). */
  gauges(withinMs: number): Promise<Readonly<Record<string, number>>>;
}

/** A proxied edge: `queue-2->redis`. */
export interface StackEdge {
  readonly name: string;
  blackHole(): Promise<void>;
  clear(): Promise<void>;
  /** Whether the dependency answers through this edge within the time (ms). */
  answers(withinMs: number): Promise<boolean>;
}

export interface Stack extends AsyncDisposable {
  /** Base address of the load balancer. */
  readonly url: string;
  instances(): readonly Instance[];
  /** Files that a planted defect edits and that nobody has read so far. */
  unreadEdits(): Promise<readonly string[]>;
  /** Adds one instance of a role and waits until it is ready. */
  addInstance(role: string): Promise<Instance>;
  readonly edges: readonly StackEdge[];
  readonly postgres: {
    stop(mode: StopMode, graceMs: number): Promise<string>;
    start(): Promise<void>;
    isRunning(): boolean;
    /** A connection of the harness's own, past every proxy. */
    connect(): Promise<Client>;
  };
  readonly redis: {
    kill(): Promise<void>;
    start(): Promise<void>;
    pause(): void;
    resume(): void;
    pid(): number | undefined;
    /** A command of the harness's own, past every proxy. Rejects when Redis does not answer within a second. */
    command(name: string, ...args: readonly string[]): Promise<unknown>;
  };
}

/** What the keeper of a deployment and the commands say to each other. */
import type { Layout, Topology } from "../core/experiment.ts";
import type { ProcessParts } from "../drivers/process/stack.ts";

/** In the private directory of the run; its presence tells a kept deployment from a run. */
export const socketName = "kept.sock";

export interface Order {
  readonly project: string;
  readonly target: string;
  readonly parts: ProcessParts;
  readonly topology: Topology;
  readonly layout: Layout;
}

/** Once, when it is up or could not come up. */
export type Told = { readonly ready: string } | { readonly failed: string; readonly exit: number };

/** With `counts`: first start what has ended, and scale. */
export interface Question {
  readonly counts?: Topology;
  /** What it is expected to have. */
  readonly layout?: Layout;
}

export type Answer = { readonly status: string } | { readonly failed: string; readonly exit: number };

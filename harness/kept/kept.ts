/** A deployment that is kept for work by hand, whichever driver brought it up. */
import type { Layout, Topology } from "../core/experiment.ts";

export interface Kept {
  /** Starts it, or what of it has ended. Roles that `counts` leaves out have their usual number. Resolves to what it is then, in lines. */
  up(counts: Topology, layout: Layout): Promise<string>;
  /** Changes how many instances the named roles have. */
  scale(counts: Topology): Promise<string>;
  status(): Promise<string>;
  /** The last lines that these parts have written, all of them when none is named. */
  logs(names: readonly string[], tail: number): Promise<string>;
}

/** What else is recorded beside the clients' history: the judge's ledger, the target's audit trail, the faults, the samples. Times: ms of the harness clock since the experiment began. */

/** A report of external work by an instance to the judge's ledger. One observer stamps one total order (`seq`). */
export interface LedgerEntry {
  readonly seq: number;
  readonly time: number;
  /** `closed`: the connection ended without an exit of this section, so the holder is gone and its interval ends here. */
  readonly kind: "enter" | "step" | "exit" | "closed";
  /** An attempt of a run, or a critical section under a lock. */
  readonly scope: "run" | "lock";
  /** The run's id or the locked agent's id. */
  readonly subject: string;
  /** The attempt's number or the lock's fencing token. */
  readonly token: number;
  /** The instance by the ledger address it was given, not by what it says of itself. */
  readonly instance: string;
  /** One attempt or one critical section: a connection to the ledger, or what a reporter of several named within its connection. */
  readonly section: string;
  /** 1, 2, 3, ... of the section's own steps; 0 for enter, exit and closed. */
  readonly step: number;
  /** Made by the reporter for each report: a resend has the same nonce and is no duplicate. */
  readonly nonce: string;
}

/** A change of a run's row, as the audit trail inside the database saw it, in commit order for each run. */
export interface Transition {
  readonly seq: number;
  readonly time: number;
  readonly subject: string;
  /** null: the row was inserted. */
  readonly from: string | null;
  readonly to: string;
  readonly attempt: number;
  /** The instance that handles the run after the change; "" if none. */
  readonly handler: string;
  /** The instance whose database session made the change. */
  readonly by: string;
}

/** A write that a fenced resource accepted, in the order in which it accepted them. */
export interface ResourceWrite {
  readonly seq: number;
  readonly time: number;
  readonly subject: string;
  readonly token: number;
  readonly version: number;
  readonly by: string;
}

export type FaultPhase = "requested" | "biting" | "did not bite" | "healing" | "healed" | "did not heal";

export interface FaultEvent {
  readonly time: number;
  /** One injection: `kill#1`. */
  readonly id: string;
  /** The fault's name: its file in `harness/faults/`. */
  readonly fault: string;
  /** The victim: an instance, a dependency, an edge. */
  readonly on: string;
  readonly phase: FaultPhase;
  /** What a probe saw, in words. */
  readonly evidence: string;
  /** Figures of the phase, unit last in the name: what the injection itself measured (`biting`), or what was looked at until then (`healing`). */
  readonly numbers?: Readonly<Record<string, number>>;
  /** On `requested`: what the victim was working on according to the ledger (`run <id> attempt 2`). */
  readonly working: readonly string[];
}

/** An attempt to tell administrators of a failover, as their receiver saw it. */
export interface Notice {
  readonly time: number;
  /** Which failover: the same in every attempt to tell of it. */
  readonly failover: string;
  /** The instance that is gone, and the one that took its place. */
  readonly from: string;
  readonly to: string;
  /** The status that was answered; 0: the sender had gone before it was. Only 2xx takes the notice. */
  readonly answered: number;
}

/** A reading of a gauge: of an instance's /metrics, of Postgres, of Redis, of a process. */
export interface Sample {
  readonly time: number;
  readonly source: string;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * "I am still recording": what is older than this is in the file. Every recorder writes one each 100 ms, the copy of the audit trail one with each look, so
 * that the record of a harness that was killed can be judged up to the earliest last one (SEMANTICS, "History and time").
 */
export interface Beat {
  readonly type: "beat";
  readonly time: number;
  /** The uncertainty of the recorder's clock against the harness's (ms), where it is another one. */
  readonly deltaMs?: number;
}

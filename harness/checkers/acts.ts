/** What instances did by the writes that the database accepted from them, whatever they believe of themselves. */
import type { Evidence } from "../core/verdict.ts";
import { inOrder } from "./sections.ts";

export interface Act {
  readonly time: number;
  readonly by: string;
  /** In words, to follow "api-1": `changed run r1 to running (transition 12)`. */
  readonly what: string;
}

/** `api` of `api-2`; "" of what is no instance. */
export function roleOf(instance: string): string {
  return /^(.+)-\d+$/.exec(instance)?.[1] ?? "";
}

/** By instances, in two lists, each in the order in which the database took them: changes of runs, and writes of fenced resources. */
export function actsOf({ transitions, writes }: Pick<Evidence, "transitions" | "writes">): readonly (readonly Act[])[] {
  const changes = inOrder(transitions).map(({ seq, time, by, subject, from, to }) => {
    return { time, by, what: `${from === null ? "created run" : "changed run"} ${subject}${from === null ? "" : ` to ${to}`} (transition ${seq})` };
  });
  const written = inOrder(writes).map(({ seq, time, by, subject, version }) => {
    return { time, by, what: `wrote version ${version} of ${subject} (write ${seq})` };
  });
  return [changes, written].map((acts) => acts.filter(({ by }) => roleOf(by) !== ""));
}

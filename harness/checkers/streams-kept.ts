/** LG-3: the checks that together decide "an in-progress run can be streamed from any instance" while instances die; each property has its own docstring in `streams.ts`. */
import type { Checker } from "../core/verdict.ts";
import {
  firstEventInTime,
  nothingAfterTheEnd,
  streamsAlive,
  streamsDurable,
  streamsGapFree,
  streamsOrdered,
  streamsResumable,
  streamsUnique,
} from "./streams.ts";
import { streamsWhole } from "./streams-whole.ts";

export interface StreamBounds {
  /** From a run's end until who follows it has all of it (ms); see `streamsWhole`. */
  readonly wholeMs: number;
  /** The longest silence of an open stream (ms). */
  readonly silentMs: number;
  /** Until the first event of a run under way (ms). */
  readonly firstMs: number;
}

/** Streams are in order, without repetition or gap, resumable from every event, durable, and end with their run. */
export function streamsKept({ wholeMs, silentMs, firstMs }: StreamBounds): readonly Checker[] {
  return [
    streamsOrdered,
    streamsUnique,
    streamsGapFree,
    streamsResumable,
    streamsDurable,
    nothingAfterTheEnd,
    streamsWhole({ withinMs: wholeMs }),
    streamsAlive({ boundMs: silentMs }),
    firstEventInTime({ boundMs: firstMs }),
  ];
}

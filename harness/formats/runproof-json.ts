/** Our own JSON lines (harness/core/history.ts): times in ms of the recorder's clock, which orders the events of all processes. Pure. */
import { eventOf, isNemesis, type MapFormat, type RawEvent } from "./event.ts";

/** Jepsen's JSON numbers its events by an index; without one, times are all that orders events of several recorders. */
export const isRunproof = (raw: RawEvent): boolean => Object.hasOwn(raw, "time") && !Object.hasOwn(raw, "index");

export const runproofJson: MapFormat = {
  reading: { name: "JSON lines ordered by time", order: "times", tolerant: false },
  event(raw, line) {
    if (raw.type === "clock" || raw.type === "beat" || isNemesis(raw.process)) return null;
    if (raw.time === undefined) return "The line has no time, and those before it have.";
    if (raw.process === undefined || raw.f === undefined) return 'An operation\'s line needs a "process" and an "f".';
    return eventOf(raw, line, 1);
  },
};

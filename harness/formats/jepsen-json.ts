/** The JSON twin of Jepsen's EDN: keywords are plain strings, times are ns, and the order of the lines is the order of the events. Pure. */
import { eventOf, isNemesis, type MapFormat } from "./event.ts";

const msPerNs = 1e-6;

export const jepsenJson: MapFormat = {
  reading: { name: "Jepsen's JSON", order: "lines", tolerant: true },
  event: (raw, line) => (isNemesis(raw.process) ? null : eventOf(raw, line, msPerNs)),
};

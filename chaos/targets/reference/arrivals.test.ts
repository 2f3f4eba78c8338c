import { describe, expect, it } from "vitest";
import { readArrival } from "./arrivals.ts";

const line = (addresses: string, statuses: string, received: string): string =>
  `1764467460.250 GET "/api/v1/sessions/a" 200 "${addresses}" "${statuses}" 0.050 127.0.0.1 "${received}" 4711`;
const outcomes = (statuses: string, received: string): string[] => readArrival(line("a:1", statuses, received)).tries.map(({ outcome }) => outcome);

describe("readArrival", () => {
  it("tells when, by whom, and who was asked", () =>
    expect(readArrival(line("127.0.0.1:81, 127.0.0.1:82", "502, 200", "0, 312"))).toEqual({
      ...{ beganAt: 1_764_467_460_200, endedAt: 1_764_467_460_250, worker: "4711" },
      tries: [
        { on: "127.0.0.1:81", outcome: "failed" },
        { on: "127.0.0.1:82", outcome: "answered" },
      ],
    }));
  it("knows nobody who was asked where the balancer answered by itself", () => expect(readArrival(line("-", "-", "-")).tries).toEqual([]));
  it("takes for a failure what nginx counts as one: a 502 or 504 of its own", () => {
    expect([...outcomes("502", "0"), ...outcomes("504", "0")]).toEqual(["failed", "failed"]);
    expect([...outcomes("503", "120"), ...outcomes("404", "90"), ...outcomes("101", "90")]).toEqual(["answered", "answered", "answered"]);
  });
  it("does not know what an instance's own 502 was, nor a client who left, nor what is missing", () => {
    const all = [
      ["502", "140"],
      ["504", "-"],
      ["499", "0"],
      ["-", "0"],
      ["000", "0"],
    ] as const;
    expect(all.flatMap(([status, received]) => outcomes(status, received))).toEqual(all.map(() => "unknown"));
  });
  it("refuses another shape", () => expect(() => readArrival("127.0.0.1 - - GET /")).toThrow("log_format arrivals"));
});

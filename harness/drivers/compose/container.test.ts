import { describe, expect, it } from "vitest";
import { outcome, textOf } from "./container.ts";

const frame = (stream: number, text: string): Buffer => {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
};

describe("what the engine says of a container", () => {
  it("how it ended: a status, or the signal in a shell's way of telling it", () => {
    expect([0, 1, 78, 137, 143, 255].map(outcome)).toEqual(["exit 0", "exit 1", "exit 78", "signal SIGKILL", "signal SIGTERM", "exit 255"]);
  });

  it("what it wrote, of both streams in order; a frame that was cut off is kept as far as it goes", () => {
    const log = Buffer.concat([frame(1, "ready: ä\n"), frame(2, "warning\n"), frame(1, "")]);
    expect(textOf(log)).toBe("ready: ä\nwarning\n");
    expect(textOf(log.subarray(0, log.length - 9))).toBe("ready: ä\nwarning");
    expect(textOf(Buffer.alloc(0))).toBe("");
  });
});

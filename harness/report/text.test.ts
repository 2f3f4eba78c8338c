import fc from "fast-check";
import { expect, test } from "vitest";
import { clip, duration, figure, grouped, moment, oneLine, plain, shorten } from "./text.ts";

test("plain removes terminal escapes as a whole, control characters, direction overrides and lone surrogates", () => {
  expect(plain("a\u001b[31mred\u001b[0m\u001b]0;title\u0007b\u0000\u202ec\ud800")).toBe("aredbc\ufffd");
  expect(plain("\u009b2Jx\r\ny\tz")).toBe("x\ny\tz");
});

test("plain leaves nothing that a terminal acts on, whatever it is given", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point.
      expect(plain(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test("clip counts what it leaves out, shorten does not", () => {
  expect(clip("x".repeat(1_000_000), 10)).toBe("xxxxxxxxxx … (999,990 more characters, in verdict.json)");
  expect(clip("short", 10)).toBe("short");
  expect(shorten("a b\nc defg", 7)).toBe("a b c…");
  expect(oneLine(" a \n b ")).toBe("a b");
});

test("figures read like prose", () => {
  expect(figure("requeueMaxMs", 2410)).toEqual(["requeue max", "2.41 s"]);
  expect(figure("throughputOn4PerSecond", 191.04)).toEqual(["throughput on 4", "191 /s"]);
  expect(figure("runs", 4210)).toEqual(["runs", "4,210"]);
  expect([duration(340), duration(12_360), duration(245_000), moment(14_230)]).toEqual(["340 ms", "12.4 s", "4 min 05 s", "14.23 s"]);
  expect([grouped(1_234_567), grouped(0.126), grouped(Number.NaN)]).toEqual(["1,234,567", "0.13", "unknown"]);
});

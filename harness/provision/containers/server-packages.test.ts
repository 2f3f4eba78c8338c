import { describe, expect, it } from "vitest";
import { closureOf } from "./server-packages.ts";

const lock = {
  packages: {
    server: { dependencies: { a: "1", "@s/b": "1" } },
    "node_modules/a": { dependencies: { c: "2" } },
    "node_modules/a/node_modules/c": { dependencies: { d: "1" } },
    "node_modules/@s/b": { peerDependencies: { c: "1" } },
    "node_modules/c": {},
    "node_modules/d": { dependencies: { a: "1" } },
    "node_modules/unused": {},
  },
};

describe("the packages of a workspace", () => {
  it("are all that its dependencies lead to, each from where Node finds it", () => {
    expect(closureOf(lock, "server")).toEqual([
      "node_modules/@s/b",
      "node_modules/a",
      "node_modules/a/node_modules/c",
      "node_modules/c",
      "node_modules/d",
    ]);
  });

  it("are none of a workspace that needs none", () => {
    expect(closureOf(lock, "node_modules/c")).toEqual([]);
  });
});

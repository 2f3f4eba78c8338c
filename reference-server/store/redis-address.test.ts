import { expect, test } from "vitest";
import { redisAddress } from "./redis-address.ts";

test("one server is left as it is", () => expect(redisAddress("redis://:p@cache:6379/2")).toBe("redis://:p@cache:6379/2"));
test("sentinels are asked which server leads, with the group's password, and watched", () =>
  expect(redisAddress("redis+sentinel://:p%2Fq@main/2?sentinel=10.0.0.1:26379&sentinel=b:26380")).toMatchObject({
    sentinels: [
      { host: "10.0.0.1", port: 26379 },
      { host: "b", port: 26380 },
    ],
    ...{ name: "main", db: 2, password: "p/q", sentinelPassword: "p/q", failoverDetector: true },
  }));
test.each(["redis+sentinel://:p@main/0", "redis+sentinel:///0?sentinel=a:1", "redis+sentinel://main?sentinel=a"])("%s is refused", (url) =>
  expect(() => redisAddress(url)).toThrow(/sentinel.* must be/i),
);

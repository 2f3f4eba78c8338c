import { afterEach, expect, test } from "vitest";
import { startClock, until } from "../base/clock.ts";
import type { Notice } from "../core/records.ts";
import { openNotices } from "./notices.ts";

const heard: Notice[] = [];
afterEach(() => void heard.splice(0));
const open = () =>
  openNotices(
    startClock(),
    { standsBy: () => false, balancer: {}, notice: (body) => (body === "hello" ? undefined : JSON.parse(body)) },
    { write: (notice) => heard.push(notice), assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} },
  );
const tell = async (url: string, body: string, key?: string): Promise<number> =>
  (await fetch(url, { method: "POST", body, ...(key === undefined ? {} : { headers: { "Idempotency-Key": key } }) })).status;
const one = JSON.stringify({ failover: "7", from: "api-1", to: "api-2" });

test("the first attempt to tell of a failover is refused, and every later one is taken, repeats too", async () => {
  await using receiver = await open();
  expect([await tell(receiver.url, one), await tell(receiver.url, one), await tell(receiver.url, one)]).toEqual([503, 204, 204]);
  expect(await tell(receiver.url, one.replace("7", "8"))).toBe(503);
  await until("Four attempts were expected to be written down", () => heard.length === 4 || undefined, { withinMs: 5000 });
  expect(heard.map(({ failover, from, to, answered }) => [failover, from, to, answered])).toEqual([
    ["7", "api-1", "api-2", 503],
    ["7", "api-1", "api-2", 204],
    ["7", "api-1", "api-2", 204],
    ["8", "api-1", "api-2", 503],
  ]);
});
test("a failover under the key of another one is not taken", async () => {
  await using receiver = await open();
  const other = one.replace("7", "8");
  expect([await tell(receiver.url, one, "a"), await tell(receiver.url, one, "a"), await tell(receiver.url, other, "a")]).toEqual([503, 204, 422]);
  expect([await tell(receiver.url, other, "b"), await tell(receiver.url, one, "a")]).toEqual([204, 204]);
});
test("what tells of no failover is refused and not written down", async () => {
  await using receiver = await open();
  expect([await tell(receiver.url, "hello"), await tell(receiver.url, "{")]).toEqual([400, 400]);
  expect(heard).toEqual([]);
});

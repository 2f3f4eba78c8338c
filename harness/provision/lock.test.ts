import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lock } from "./lock.mjs";
import { scratch } from "./scratch.ts";

const fresh = (): string => join(scratch(), "it.lock");

test("one at a time: the second waits for the first, and nothing is left behind", async () => {
  const path = fresh();
  const order: string[] = [];
  const first = await lock(path, { deadlineMs: 1000 });
  const second = lock(path, { deadlineMs: 5000, onWait: (pid) => order.push(`waits for ${pid}`) }).then((release) => {
    order.push("second");
    release();
  });
  order.push("first");
  first();
  await second;
  expect(order).toEqual([`waits for ${process.pid}`, "first", "second"]);
  expect(readdirSync(join(path, ".."))).toEqual([]);
});

test("the lock of a dead process, and of a dead one whose pid somebody else has now, are taken over", async () => {
  const child = spawn("true");
  await once(child, "exit");
  for (const content of [`${child.pid} 1 1`, `${process.ppid} 1 1`]) {
    const path = fresh();
    writeFileSync(path, content);
    const release = await lock(path, { deadlineMs: 1000 });
    expect(readFileSync(path, "utf8")).toMatch(new RegExp(`^${process.pid} `));
    release();
    expect(existsSync(path)).toBe(false);
  }
});

test("many that find the same dead holder: each gets its turn alone", async () => {
  const path = fresh();
  writeFileSync(path, "999999999 1 1");
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const release = await lock(path, { deadlineMs: 10_000 });
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
      release();
    }),
  );
  expect(most).toBe(1);
});

test("a holder that does not let go: a sentence after the deadline, or the caller's abort", async () => {
  const path = fresh();
  await lock(path, { deadlineMs: 1000 });
  await expect(lock(path, { deadlineMs: 1 })).rejects.toThrow(`Expected process ${process.pid} to release`);
  await expect(lock(path, { deadlineMs: 60_000, signal: AbortSignal.timeout(50) })).rejects.toThrow("timeout");
});

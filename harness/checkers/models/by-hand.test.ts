/** Histories thought out by hand, where a checker that is nearly right errs: for each, what a person concludes and why. */
import { expect, test } from "vitest";
import type { Json } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import { append, type Call, call, client, deleted, put, read, see, take, txn, write } from "../calls.ts";
import appendLog from "./append-log.ts";
import casRegister from "./cas-register.ts";
import counter from "./counter.ts";
import counterBounds from "./counter-bounds.ts";
import fencedMutex from "./fenced-mutex.ts";
import fifoQueue from "./fifo-queue.ts";
import keyValue from "./key-value.ts";
import linearizableSet from "./linearizable-set.ts";
import listAppend from "./list-append.ts";
import log from "./log.ts";
import mutex from "./mutex.ts";
import ownerMutex from "./owner-mutex.ts";
import queue from "./queue.ts";
import register from "./register.ts";
import rwRegister from "./rw-register.ts";
import setFull from "./set-full.ts";
import totalQueue from "./total-queue.ts";

type Case = readonly [why: string, model: Model, valid: boolean | "unknown", calls: readonly Call[], initial?: Json];

const lost = write("p1", 1, 0, 5, "info");
const late = [lost, write("p2", 2, 10, 12), read("p3", 2, 20, 21), read("p3", 1, 30, 31)];
const swapped = (output: Json) => [
  write("p1", 1, 0, 1),
  call("p2", "cas", [1, 2], null, 2, 3, "info"),
  read("p3", 2, 4, 5),
  read("p3", output, 6, 7),
];

const cases: readonly Case[] = [
  ["a write without an answer may take effect long after another one was seen", register, true, late],
  ["but what it wrote over does not come back", register, false, [...late, read("p3", 2, 40, 41)]],
  ["and it takes effect once", register, false, [...late, write("p2", 3, 40, 41), read("p3", 3, 42, 43), read("p3", 1, 44, 45)]],
  ["a read that is invoked at the very moment of an answer is concurrent with it", register, true, [write("p1", 1, 0, 5), read("p2", 0, 5, 6)], 0],
  ["a read that is invoked later is not", register, false, [write("p1", 1, 0, 5), read("p2", 0, 5.001, 6)], 0],
  ["objects are equal whatever the order of their properties", register, true, [read("p1", { b: [1], a: 2 }, 0, 1)], { a: 2, b: [1] }],
  ["false, 0, null and the empty text are four values", register, false, [write("p1", 0, 0, 1), read("p2", false, 2, 3)], ""],
  ["a compare-and-set without an answer that was seen has happened", casRegister, true, [...swapped(2), call("p4", "cas", [2, 3], null, 8, 9)]],
  ["so nothing finds what it replaced", casRegister, false, swapped(1)],
  [
    "a refused compare-and-set has not happened",
    casRegister,
    false,
    [write("p1", 1, 0, 1), call("p2", "cas", [1, 2], null, 2, 3, "fail"), read("p3", 2, 4, 5)],
  ],
  ["what was deleted reads as if it had never been put", keyValue, true, [...deleted("ok"), call("p3", "get", null, null, 6, 7)]],
  ["and does not come back", keyValue, false, [...deleted("ok"), call("p3", "get", null, "a", 6, 7)]],
  [
    "a delete without an answer may come late, and once",
    keyValue,
    true,
    [...deleted("info"), call("p3", "get", null, "a", 6, 7), call("p3", "get", null, "", 8, 9)],
  ],
  ["a key that nobody wrote is empty", keyValue, true, [call("p1", "get", null, "", 0, 1, "ok", "k")]],
  [
    "an append without an answer may come between two others, once",
    keyValue,
    true,
    [
      call("p1", "append", "a", null, 0, 1, "ok", "k"),
      call("p2", "append", "x", null, 0, 1, "info", "k"),
      call("p1", "append", "b", null, 2, 3, "ok", "k"),
      call("p3", "get", null, "axb", 4, 5, "ok", "k"),
    ],
  ],
  [
    "a holder that crashed in its release may have released",
    ownerMutex,
    true,
    [client("p1", "acquire", "c1", 0, 1), client("p1", "release", "c1", 2, 3, "info"), client("p2", "acquire", "c2", 4, 5)],
  ],
  [
    "one that crashed in its acquire holds nothing for certain",
    ownerMutex,
    true,
    [client("p1", "acquire", "c1", 0, 1, "info"), client("p2", "acquire", "c2", 4, 5), client("p2", "release", "c2", 6, 7)],
  ],
  [
    "a client goes on under a new process with the lock that it may hold",
    ownerMutex,
    true,
    [client("p1", "acquire", "c1", 0, 1, "info"), client("p9", "release", "c1", 2, 3), client("p2", "acquire", "c2", 4, 5)],
  ],
  [
    "a process of the same name that crashed is not another client's excuse",
    ownerMutex,
    false,
    [client("p1", "acquire", "c1", 0, 1), client("p1", "release", "c2", 2, 3)],
  ],
  [
    "a release that is invoked after the next acquire returned comes too late",
    mutex,
    false,
    [call("p1", "acquire", null, null, 0, 1), call("p2", "acquire", null, null, 2, 3), call("p1", "release", null, null, 4, 5, "info")],
  ],
  [
    "one release without an answer lets one other in, not two",
    mutex,
    false,
    [
      call("p1", "acquire", null, null, 0, 1),
      call("p1", "release", null, null, 2, 3, "info"),
      call("p2", "acquire", null, null, 4, 5),
      call("p3", "acquire", null, null, 6, 7),
    ],
  ],
  [
    "a token is not given again, though its first holder crashed",
    fencedMutex,
    false,
    [
      client("p1", "acquire", "c1", 0, 1, "ok", { fence: 7 }),
      client("p1", "release", "c1", 2, 3, "info"),
      client("p2", "acquire", "c2", 4, 5, "ok", { fence: 7 }),
    ],
  ],
  [
    "tokens may leave out those of acquires without an answer",
    fencedMutex,
    true,
    [
      client("p1", "acquire", "c1", 0, 1, "ok", { fence: 7 }),
      client("p1", "release", "c1", 2, 3),
      client("p3", "acquire", "c3", 4, 5, "info"),
      client("p3", "release", "c3", 6, 7, "info"),
      client("p2", "acquire", "c2", 8, 9, "ok", { fence: 9 }),
    ],
  ],
  [
    "a dequeue without an answer may have taken what is missing in front",
    fifoQueue,
    true,
    [put("p1", "a", 0, 1), put("p1", "b", 2, 3), take("p2", null, 4, 5, "info"), take("p3", "b", 6, 7)],
  ],
  [
    "but not before it was invoked",
    fifoQueue,
    false,
    [put("p1", "a", 0, 1), put("p1", "b", 2, 3), take("p3", "b", 6, 7), take("p2", null, 8, 9, "info")],
  ],
  ["a queue is not empty while what was put in is still there", queue, false, [put("p1", "a", 0, 1), take("p2", null, 2, 3), take("p2", "a", 4, 5)]],
  ["an enqueue without an answer fills one place", queue, false, [put("p1", "a", 0, 1, "info"), take("p2", "a", 4, 5), take("p2", "a", 6, 7)]],
  ["what a lost answer of a dequeue may have held is not lost", totalQueue, "unknown", [put("p1", "a", 0, 1), take("p2", null, 2, 3, "info")]],
  [
    "an add without an answer that was seen stays",
    linearizableSet,
    false,
    [call("p1", "add", 1, null, 0, 1, "info"), read("p2", [1], 2, 3), read("p2", [], 4, 5)],
  ],
  ["also in the eyes of who only counts", setFull, false, [call("p1", "add", 1, null, 0, 1, "info"), read("p2", [1], 2, 3), read("p2", [], 4, 5)]],
  [
    "a decrement without an answer that was seen has happened, once",
    counter,
    false,
    [call("p1", "add", -1, null, 0, 1, "info"), read("p2", 9, 2, 3), read("p2", 10, 4, 5)],
    10,
  ],
  [
    "what is within the bounds at each moment may still be no order",
    counterBounds,
    true,
    [call("p1", "add", -1, null, 0, 1, "info"), read("p2", 9, 2, 3), read("p2", 10, 4, 5)],
    10,
  ],
  [
    "an append without an answer is seen at one place",
    appendLog,
    false,
    [
      call("p1", "append", "a", null, 0, 1, "info"),
      call("p2", "append", "b", null, 2, 3),
      read("p3", ["b", "a"], 4, 5),
      read("p3", ["a", "b"], 6, 7),
    ],
  ],
  [
    "a transaction without an answer that somebody saw was committed",
    listAppend,
    false,
    [txn("p1", append(1), 0, 1, "info"), txn("p2", see(1), 2, 3), txn("p2", see(), 4, 5)],
  ],
  ["one that nobody saw owes nothing", listAppend, true, [txn("p1", append(1), 0, 1, "info"), txn("p2", append(2), 2, 3), txn("p2", see(2), 4, 5)]],
  [
    "reads of what was open meanwhile come in either order of invocation",
    listAppend,
    true,
    [txn("p1", append(1), 0, 9), txn("p2", see(1), 1, 5), txn("p3", see(), 1, 6)],
  ],
  [
    "a read that ends before another begins does not see more than that one",
    listAppend,
    false,
    [txn("p1", append(1), 0, 9), txn("p2", see(1), 1, 3), txn("p3", see(), 4, 6)],
  ],
  [
    "two that both saw what only the other wrote are a cycle",
    listAppend,
    false,
    [
      txn(
        "p1",
        [
          ["append", "x", 1],
          ["r", "y", [1]],
        ],
        0,
        9,
      ),
      txn(
        "p2",
        [
          ["append", "y", 1],
          ["r", "x", [1]],
        ],
        0,
        9,
      ),
    ],
  ],
  [
    "two that both missed what the other wrote are one, too",
    rwRegister,
    false,
    [
      txn(
        "p1",
        [
          ["w", "x", 1],
          ["r", "y", null],
        ],
        0,
        9,
      ),
      txn(
        "p2",
        [
          ["w", "y", 1],
          ["r", "x", null],
        ],
        0,
        9,
      ),
      txn(
        "p3",
        [
          ["r", "x", 1],
          ["r", "y", 1],
        ],
        10,
        11,
      ),
    ],
  ],
  [
    "a poll that returns what is sent only later saw the future",
    log,
    false,
    [call("p2", "poll", null, [["poll", { x: [[0, "a"]] }]], 0, 1), call("p1", "send", null, [["send", "x", [0, "a"]]], 2, 3)],
  ],
];

test.each(cases.map(([why, ...rest]) => [why, rest] as const))("%s", (_, [model, valid, calls, initial]) => {
  const options = { partition: true, timeLimitMs: 10_000, memoryLimitBytes: 2 ** 28, now: () => 0, ...(initial !== undefined && { initial }) };
  const judged = (order: readonly Call[]) =>
    model.check(
      order.map((one, index) => ({ ...one, index })),
      options,
    );
  const answer = judged(calls);
  expect([answer.valid, answer.anomalies[0]?.text ?? answer.notes.join(" ")]).toEqual([valid, expect.anything()]);
  expect(judged(calls.toReversed()).valid).toBe(valid);
});

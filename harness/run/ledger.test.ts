import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { startClock, until } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { LedgerEntry } from "../core/records.ts";
import { openLedger } from "./ledger.ts";

const inMemory = (): Journal<LedgerEntry> & { readonly all: LedgerEntry[] } => {
  const all: LedgerEntry[] = [];
  return { all, write: (entry) => void all.push(entry), assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} };
};

async function dial(address: string): Promise<Socket> {
  const [host, port] = address.split(":");
  const socket = connect(Number(port), host);
  await once(socket, "connect");
  return socket;
}

async function report(socket: Socket, line: object): Promise<unknown> {
  socket.write(`${JSON.stringify({ scope: "run", subject: "r1", token: 1, step: 0, ...line })}\n`);
  const [answer] = await once(socket, "data");
  return JSON.parse(String(answer));
}

describe("ledger", () => {
  it("stamps one order over all instances and acknowledges each report by its nonce", async () => {
    const journal = inMemory();
    await using ledger = openLedger(startClock(), journal);
    const one = await dial(await ledger.addressFor("queue-1"));
    const two = await dial(await ledger.addressFor("queue-2"));
    expect(await report(one, { kind: "enter", nonce: "a" })).toEqual({ nonce: "a" });
    expect(await report(two, { kind: "enter", nonce: "b", subject: "r2" })).toEqual({ nonce: "b" });
    await report(one, { kind: "step", step: 1, nonce: "c" });
    await report(one, { kind: "exit", nonce: "d" });
    expect(journal.all.map(({ seq, kind, instance, subject }) => [seq, kind, instance, subject])).toEqual([
      [0, "enter", "queue-1", "r1"],
      [1, "enter", "queue-2", "r2"],
      [2, "step", "queue-1", "r1"],
      [3, "exit", "queue-1", "r1"],
    ]);
    one.destroy();
    two.destroy();
  });

  it("ends the interval of a holder whose connection breaks, once, and knows who is working meanwhile", async () => {
    const journal = inMemory();
    await using ledger = openLedger(startClock(), journal);
    const socket = await dial(await ledger.addressFor("queue-1"));
    await report(socket, { kind: "enter", nonce: "a" });
    expect(ledger.working("queue-1")).toEqual(["run r1 attempt 1"]);
    socket.resetAndDestroy();
    await until("the ledger was expected to notice", () => (journal.all.length === 2 ? true : undefined), { withinMs: 2000 });
    expect(journal.all[1]).toMatchObject({ kind: "closed", subject: "r1", token: 1, instance: "queue-1", section: journal.all[0]?.section });
    expect(ledger.working("queue-1")).toEqual([]);
  });

  it("keeps several pieces of work of one connection apart, and ends with it those that have not ended", async () => {
    const journal = inMemory();
    await using ledger = openLedger(startClock(), journal);
    const socket = await dial(await ledger.addressFor("queue-1"));
    await report(socket, { kind: "enter", nonce: "a", section: "1" });
    await report(socket, { kind: "enter", nonce: "b", section: "2", subject: "r2" });
    await report(socket, { kind: "enter", nonce: "c", section: "3", subject: "r3" });
    await report(socket, { kind: "exit", nonce: "d", section: "2", subject: "r2" });
    expect(ledger.working("queue-1")).toEqual(["run r1 attempt 1", "run r3 attempt 1"]);
    socket.resetAndDestroy();
    await until("the ledger was expected to notice", () => (journal.all.length === 6 ? true : undefined), { withinMs: 2000 });
    expect(journal.all.slice(4).map(({ kind, subject }) => [kind, subject])).toEqual([
      ["closed", "r1"],
      ["closed", "r3"],
    ]);
    expect(new Set(journal.all.map(({ section }) => section)).size).toBe(3);
    expect(ledger.working("queue-1")).toEqual([]);
  });

  it("acknowledges the reports that come in one piece, each", async () => {
    await using ledger = openLedger(startClock(), inMemory());
    const socket = await dial(await ledger.addressFor("queue-1"));
    const lines = ["a", "b", "c"].map(
      (nonce) => `${JSON.stringify({ kind: "enter", scope: "run", subject: nonce, token: 1, nonce, section: nonce })}\n`,
    );
    socket.write(lines.join(""));
    let answers = "";
    while (answers.split("\n").length < 4) answers += String((await once(socket, "data"))[0]);
    expect(answers).toBe('{"nonce":"a"}\n{"nonce":"b"}\n{"nonce":"c"}\n');
    socket.destroy();
  });

  it("does not call a finished section closed", async () => {
    const journal = inMemory();
    await using ledger = openLedger(startClock(), journal);
    const socket = await dial(await ledger.addressFor("queue-1"));
    await report(socket, { kind: "enter", nonce: "a" });
    await report(socket, { kind: "exit", nonce: "b" });
    socket.end();
    await once(socket, "close");
    expect(journal.all.map((entry) => entry.kind)).toEqual(["enter", "exit"]);
  });

  it.each(["not json\n", '{"kind":"leave"}\n', "x".repeat(5000)])("hangs up on what is no report: %.20s", async (text) => {
    const journal = inMemory();
    await using ledger = openLedger(startClock(), journal);
    const socket = await dial(await ledger.addressFor("queue-1"));
    socket.on("error", () => {});
    socket.write(text);
    await once(socket, "close");
    expect(journal.all).toEqual([]);
  });

  it("takes nothing from an instance that is refused, and everything again when that is over", async () => {
    const journal = inMemory();
    await using ledger = openLedger(startClock(), journal);
    const address = await ledger.addressFor("queue-1");
    const other = await dial(await ledger.addressFor("queue-2"));
    const open = await dial(address);
    await report(open, { kind: "enter", nonce: "a" });
    const refusal = ledger.refuse("queue-1");
    const ended = once(open, "close");
    open.write('{"kind":"step","scope":"run","subject":"r1","token":1,"step":1,"nonce":"b"}\n');
    await ended;
    await once(await dial(address), "close");
    await report(other, { kind: "enter", nonce: "c" });
    expect(refusal.refused()).toBe(2);
    refusal.end();
    await report(await dial(address), { kind: "enter", nonce: "d", token: 2 });
    expect(refusal.refused()).toBe(2);
    expect(journal.all.map(({ kind, instance, token }) => [kind, instance, token])).toEqual([
      ["enter", "queue-1", 1],
      ["closed", "queue-1", 1],
      ["enter", "queue-2", 1],
      ["enter", "queue-1", 2],
    ]);
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEffects } from "../effects/effects.ts";
import { openLocks } from "../locks/open-locks.ts";
import type { Database } from "../store/postgres.ts";
import { noServices, type Services, startServices, testConfig } from "../testing/services.ts";
import { readAgent } from "./agent.ts";
import { detectVectorSearch, searchArchive } from "./archive.ts";
import { type ChangeContext, changeAgent, type Decide } from "./change.ts";
import { type AgentDocument, exportAgent, importAgent, inconsistency } from "./document.ts";
import { readAgentEvents } from "./events.ts";
import { useTool } from "./tools.ts";

const append: Decide = useTool({ tool: "append_to_block", label: "log", text: "x", duration_ms: 0 });
const remember: Decide = useTool({ tool: "remember", text: "the sky is blue", duration_ms: 0 });
const say: Decide = () => ({ kind: "message", data: { role: "user", text: "hello" }, state: { said: true } });

describe.skipIf(noServices)("agents as documents (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let elsewhere: Services;
  beforeAll(async () => {
    [services, elsewhere] = await Promise.all([startServices(), startServices()]);
  }, 30_000);
  afterAll(() => Promise.all([services?.[Symbol.asyncDispose](), elsewhere?.[Symbol.asyncDispose]()]));

  const context = ({ db, redis }: Services): ChangeContext => ({
    db,
    locks: openLocks(testConfig(services, "api"), db, redis),
    effects: openEffects(undefined),
    lockWaitMs: 15_000,
    stop: new AbortController().signal,
    beginChange: async () => () => {},
  });
  const write = async (at: Services, id: string, ...changes: Decide[]): Promise<void> => {
    for (const change of changes) expect((await changeAgent(context(at), id, change)).outcome).toBe("done");
  };
  const taken = async (db: Database, id: string): Promise<AgentDocument> => {
    const document = await exportAgent(db, id);
    if (!document || document === "too large") throw new Error(`Expected a document of ${id} and found ${document}.`);
    return document;
  };

  it("HA-9: an agent imported elsewhere is the same agent, can be searched and goes on", async () => {
    const id = randomUUID();
    await write(services, id, append, remember, say, append);
    const document = await taken(services.db, id);
    expect(document).toMatchObject({ format: "agent/1", id, version: 4, state: { said: true }, blocks: { log: { value: "xx", version: 4 } } });
    expect(await importAgent(elsewhere.db, id, document)).toBe("made");
    expect(await readAgent(elsewhere.db, id)).toEqual(await readAgent(services.db, id));
    expect(await readAgentEvents(elsewhere.db, id, 0)).toEqual(await readAgentEvents(services.db, id, 0));
    const found = await searchArchive(elsewhere.db, await detectVectorSearch(elsewhere.db), id, "blue sky", 10);
    expect(found).toMatchObject([{ seq: 2, text: "the sky is blue" }]);
    expect(await taken(elsewhere.db, id)).toEqual(document);
    await write(elsewhere, id, append);
    expect((await readAgent(elsewhere.db, id))?.blocks.log).toEqual({ value: "xxx", version: 5 });
  });

  it("HA-9: a document taken while the agent changes is one moment of it", async () => {
    const id = randomUUID();
    await write(services, id, append);
    const documents = [await taken(services.db, id)];
    let going = true;
    const writing = (async () => {
      for (let i = 0; i < 40; i++) await write(services, id, i % 3 ? append : remember);
    })().finally(() => {
      going = false;
    });
    // As long as it is written, however slow the disk is: a fixed number of documents may all be of one version.
    while (going) documents.push(await taken(services.db, id));
    await writing;
    expect(new Set(documents.map(({ version }) => version)).size).toBeGreaterThan(2);
    for (const document of documents) {
      expect(inconsistency(document)).toBeUndefined();
      const tools = document.events.map(({ data }) => (data as { tool?: string }).tool);
      expect(document.blocks.log?.value).toHaveLength(tools.filter((tool) => tool === "append_to_block").length);
      expect(document.archive).toHaveLength(tools.filter((tool) => tool === "remember").length);
    }
  });

  it("HA-9: imports a document once, also when it is sent twice at the same time or has changed since, and no other over it", async () => {
    const id = randomUUID();
    await write(services, id, append, remember);
    const document = await taken(services.db, id);
    const copy = randomUUID();
    expect((await Promise.all([1, 2, 3].map(() => importAgent(services.db, copy, document)))).sort()).toEqual(["made", "there", "there"]);
    await write(services, copy, append);
    expect(await importAgent(services.db, copy, { ...document })).toBe("there");
    expect((await readAgent(services.db, copy))?.version).toBe(3);
    expect(await importAgent(services.db, copy, { ...document, state: { other: true } })).toBe("taken");
    expect(await importAgent(services.db, id, document)).toBe("taken");
  });

  it("refuses what contradicts itself", async () => {
    const base: AgentDocument = { format: "agent/1", id: "a", version: 1, blocks: {}, state: {}, events: [], archive: [] };
    const event = { seq: 1, kind: "message", data: {} };
    expect(inconsistency(base)).toContain("numbered 1 to 1");
    expect(inconsistency({ ...base, events: [event] })).toBeUndefined();
    expect(inconsistency({ ...base, events: [{ ...event, seq: 2 }] })).toContain("numbered");
    expect(inconsistency({ ...base, events: [event], blocks: { b: { value: "", version: 2 } } })).toContain("newer");
    expect(inconsistency({ ...base, events: [event], archive: [1, 1].map((seq) => ({ seq, text: "t" })) })).toContain("memory");
    expect(await exportAgent(services.db, "nobody")).toBeUndefined();
    await services.db.query("insert into agents (id, fence, version) values ('huge', 0, 2001)", []);
    expect(await exportAgent(services.db, "huge")).toBe("too large");
  });
});

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../store/postgres.ts";
import { noServices, type Services, startServices } from "../testing/services.ts";
import { enterAgent, writeAgent } from "./agent.ts";
import { detectVectorSearch, searchArchive } from "./archive.ts";
import { dimensions, embed } from "./embedding.ts";

describe("embed", () => {
  it("is made of small whole numbers and never all zero, so that cosines are exact and defined", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const vector = embed(text);
        expect(vector).toHaveLength(dimensions);
        expect(vector.every((count) => Number.isInteger(count) && count >= 0 && count <= 255)).toBe(true);
        expect(vector.some((count) => count > 0)).toBe(true);
      }),
      { numRuns: 50 },
    );
    expect(Math.max(...embed("again ".repeat(1000)))).toBe(255);
  });

  it("does not depend on case or punctuation", () => expect(embed("Blue, sky!")).toEqual(embed("sky blue")));
});

describe.skipIf(noServices)("archival memory (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let db: Database;
  beforeAll(async () => {
    services = await startServices();
    db = services.db;
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  const texts = ["the sky is blue", "grass is green", "the blue sky and the blue sea", "...", "the sky is blue"];
  const store = async (id: string): Promise<void> => {
    for (const [i, text] of texts.entries()) {
      await enterAgent(db, id, i + 1);
      await writeAgent(db, id, i + 1, { kind: "archive", data: {}, archive: { text, embedding: embed(text) } });
    }
  };
  const cosine = (a: readonly number[], b: readonly number[]): number => {
    const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  };

  it("HS-5: finds what is nearest, to the last bit as computed here, of this agent only", async () => {
    await store("a1");
    await store("a2");
    const how = await detectVectorSearch(db);
    const found = await searchArchive(db, how, "a1", "blue sky", 10);
    const expected = texts
      .map((text, i) => ({ seq: i + 1, text, similarity: 1 - (1 - cosine(embed(text), embed("blue sky"))) }))
      .sort((x, y) => y.similarity - x.similarity || x.seq - y.seq);
    expect(found).toEqual(expected);
    expect(found[0]).toMatchObject({ seq: 1, text: "the sky is blue" });
    expect(await searchArchive(db, how, "a1", "blue sky", 1)).toHaveLength(1);
    expect(await searchArchive(db, how, "nobody", "blue sky", 10)).toEqual([]);
  });

  it("HS-5: the extension and plain SQL answer the same, where the extension is there", async (test) => {
    if ((await detectVectorSearch(db)) !== "pgvector") return test.skip("this Postgres has no pgvector");
    await store("a3");
    const question = "is the sea blue or green?";
    const withExtension = await searchArchive(db, "pgvector", "a3", question, 10);
    await db.query("alter table agent_archive alter column embedding type float8[] using embedding::float4[]::float8[]", []);
    expect(await detectVectorSearch(db)).toBe("exact");
    expect(await searchArchive(db, "exact", "a3", question, 10)).toEqual(withExtension);
  });
});

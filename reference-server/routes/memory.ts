/** An agent's memory: core blocks with versions, and the archive, which is searched by similarity. */
import { Type } from "@fastify/type-provider-typebox";
import { readAgent } from "../agents/agent.ts";
import { searchArchive } from "../agents/archive.ts";
import { embed } from "../agents/embedding.ts";
import { blockLength, blockLimit, blockVersion, findBlock, setBlocks, unexpectedBlock } from "../agents/memory.ts";
import { Problem } from "../problem.ts";
import type { Server, ServerContext } from "../server.ts";
import { change, etag, versionIn } from "./change.ts";
import { tellPosition } from "./near.ts";
import {
  agentId,
  changed,
  closed,
  ifMatch,
  ifNoneMatch,
  name,
  agentParams as params,
  position,
  positionHeaders,
  problems,
  storableText,
} from "./schemas.ts";

const value = storableText(0, blockLength);
const blockParams = Type.Object({ id: agentId, label: name });
// A version, or none: `If-None-Match: *` sets only a block that does not exist.
const blockHeaders = Type.Object({
  "if-match": ifMatch,
  "if-none-match": ifNoneMatch,
  "x-position": position,
});
const blockBody = Type.Object({ value }, closed);
const labelled = { minProperties: 1, maxProperties: blockLimit, ...closed };
const blocksBody = Type.Object(
  {
    set: Type.Record(name, Type.Union([value, Type.Null()]), labelled),
    expect: Type.Optional(Type.Record(name, Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), labelled)),
  },
  closed,
);
const archiveBody = Type.Object({ text: storableText(1, 10_000) }, closed);
const searchBody = Type.Object({ query: storableText(1, 10_000), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed);

const label = Type.String();
const version = Type.Integer();
const token = Type.Integer();
const memory = Type.Object({ seq: Type.Integer(), text: Type.String(), similarity: Type.Number() }, closed);
const found = Type.Object({ vector_search: Type.Union([Type.Literal("pgvector"), Type.Literal("exact")]), memories: Type.Array(memory) }, closed);

const tooMany = (): Problem => new Problem(422, `An agent may have ${blockLimit} blocks. Remove one first.`);

/** Changes of blocks are made under the agent's lock, on the version that the caller has seen, or not at all: 409, 412 (HS-14, HS-5). */
export function memoryRoutes(app: Server, { db, replica, agents: { changes, vectorSearch } }: ServerContext): void {
  const onSend = tellPosition({ replica });
  // Strong, as every read of memory here: the primary, uncached.
  app.get(
    "/api/v1/agents/:id/blocks/:label",
    { schema: { params: blockParams, response: { 200: Type.Object({ label, value: Type.String(), version }, closed), ...problems(404) } } },
    async (request, reply) => {
      const { id, label } = request.params;
      const agent = await readAgent(db, id);
      if (!agent) throw new Problem(404, "There is no agent with this id.");
      const block = findBlock(agent.blocks, label);
      if (!block) throw new Problem(404, "The agent has no block with this label.");
      return reply
        .header("ETag", etag(block.version))
        .header("Cache-Control", "no-store")
        .send({ label, ...block });
    },
  );

  app.put(
    "/api/v1/agents/:id/blocks/:label",
    {
      onSend,
      schema: {
        params: blockParams,
        headers: blockHeaders,
        body: blockBody,
        response: { 200: Type.Object({ label, version, token }, closed), ...problems(409, 412, 422) },
      },
    },
    async (request, reply) => {
      const { id, label } = request.params;
      const expected = request.headers["if-none-match"] ? 0 : versionIn(request.headers["if-match"]);
      const { token, agent } = await change(changes, id, (read) => {
        const version = blockVersion(read, label);
        if (expected !== undefined && version !== expected) throw new Problem(412, `The block is at version ${version}. Read it again.`);
        const set = setBlocks(read, { [label]: request.body.value });
        if (!set) throw tooMany();
        return set;
      });
      return reply.header("ETag", etag(agent.version)).send({ label, version: agent.version, token });
    },
  );

  // Several blocks in one transaction. `expect` may also name blocks that are only read, so that no write skew is possible.
  app.patch(
    "/api/v1/agents/:id/blocks",
    { onSend, schema: { params, headers: positionHeaders, body: blocksBody, response: { 200: changed, ...problems(409, 422) } } },
    async (request) => {
      const { set, expect = {} } = request.body;
      const { token, agent } = await change(changes, request.params.id, (read) => {
        const label = unexpectedBlock(read, expect);
        if (label !== undefined)
          throw new Problem(409, `Block ${label} is at version ${blockVersion(read, label)}. Nothing was changed; read again.`);
        const blocks = setBlocks(read, set);
        if (!blocks) throw tooMany();
        return blocks;
      });
      return { agent: agent.id, token, version: agent.version };
    },
  );

  app.post(
    "/api/v1/agents/:id/archive",
    { schema: { params, body: archiveBody, response: { 201: Type.Object({ seq: Type.Integer(), token }, closed), ...problems(409) } } },
    async (request, reply) => {
      const { text } = request.body;
      const archive = { text, embedding: embed(text) };
      const { token, agent } = await change(changes, request.params.id, () => ({ kind: "archive", data: {}, archive }));
      return reply.code(201).send({ seq: agent.version, token });
    },
  );

  app.post("/api/v1/agents/:id/archive/search", { schema: { params, body: searchBody, response: { 200: found } } }, async (request) => {
    const { query, limit = 10 } = request.body;
    const how = await vectorSearch();
    return { vector_search: how, memories: await searchArchive(db, how, request.params.id, query, limit) };
  });
}

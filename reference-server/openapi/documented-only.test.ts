import { Type } from "@fastify/type-provider-typebox";
import { describe, expect, it } from "vitest";
import { documentedOnly } from "./documented-only.ts";

describe("answers are sent as the document says", () => {
  const schema = Type.Object({ name: Type.String(), role: Type.Optional(Type.String()) }, { additionalProperties: false });
  const serialise = documentedOnly()({ schema, method: "GET", url: "/x", httpStatus: "200" });

  it("or else not at all", () => {
    expect(serialise({ name: "ann" })).toBe('{"name":"ann"}');
    expect(serialise({ name: "ann", role: undefined })).toBe('{"name":"ann"}');
    for (const wrong of [{}, { name: null }, { name: "ann", key_hash: "secret" }, null]) {
      expect(() => serialise(wrong)).toThrow("The answer 200 of GET /x is not as its schema says");
    }
    expect(() => serialise({ name: "ann", key_hash: "secret" })).not.toThrow("secret");
  });
});

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { renderServer } from "./standby.ts";

const read = (file: string): Promise<string> => readFile(new URL(file, import.meta.url), "utf8");
const settings = { host: "127.0.0.1", port: 7, archive: "/a" };

it("the primary keeps nothing for a standby that is away, and archives it", async () => {
  const text = renderServer(await read("postgres-primary.conf.template"), settings);
  expect(text).toContain("\nport = 7\n");
  expect(text).toContain("\nwal_keep_size = 0\n");
  expect(text).toContain("\narchive_command = 'cp %p /a/%f.part && mv /a/%f.part /a/%f'\n");
});

it("the standby follows the primary, and restores from where the primary archives", async () => {
  const text = renderServer(await read("postgres-standby.conf.template"), { ...settings, primary: "host=h port=8" });
  expect(text).toContain("\nprimary_conninfo = 'host=h port=8'\n");
  expect(text).toContain("\nrestore_command = 'cp /a/%f %p'\n");
});

import { expect, test } from "vitest";
import { demandName } from "./owner.ts";

const unknown = (): never => {
  throw new Error("uv_os_get_passwd returned ENOENT (no such file or directory)");
};

test("whoever runs Postgres has a name, or is told what to do", () => {
  expect(() => demandName({})).not.toThrow();
  expect(() => demandName({}, unknown)).toThrow("Add the user to /etc/passwd, or start as another one.");
  // Root has Postgres run as somebody whom the system knows.
  expect(() => demandName({ uid: 65_534 }, unknown)).not.toThrow();
});

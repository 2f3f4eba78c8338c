import { expect, test } from "vitest";
import { etcdArguments } from "./etcd.ts";

test("a member is told where it listens, and who the others are", () => {
  const places = [1, 2].map((n) => ({ name: `etcd-${n}`, directory: `/data-${n}`, client: `http://h:${n}`, peer: `http://h:1${n}` }));
  const given = places.map((place) => etcdArguments(place, places));
  expect(given[1]).toEqual(
    expect.arrayContaining(["--name=etcd-2", "--data-dir=/data-2", "--listen-client-urls=http://h:2", "--listen-peer-urls=http://h:12"]),
  );
  for (const one of given) expect(one).toContain("--initial-cluster=etcd-1=http://h:11,etcd-2=http://h:12");
});

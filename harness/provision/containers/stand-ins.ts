/**
 * Images for machines that reach no image registry, each with what the suite uses of the official one's contract: the same users by number, the same
 * environment variables and paths. A stand-in is the files of Debian's packages and nothing that their scripts would do; the base of every container here
 * is a hundred small files less than Debian's, and starts as fast.
 */
import { join } from "node:path";

export interface StandIn {
  /** Packages whose dependencies come along as far as `with` says. */
  readonly packages: readonly string[];
  /** Programs of this machine by their path in the image, or folders with all that is in them. */
  readonly files: Readonly<Record<string, string>>;
  /** Directories that belong to the user. */
  readonly owned: readonly string[];
  /** The user by name and number; the files belong to root. */
  readonly user: { readonly name: string; readonly id: number };
  /** Dockerfile instructions. */
  readonly configuration: readonly string[];
}

/** Of what packages depend on: libraries. Perl, account tools and LLVM (for jit, which is left out) serve installation and what is not done here. */
export const needed = (name: string): boolean =>
  /^(lib|zlib|tzdata|openssl-provider)/.test(name) && !/perl|llvm|z3|l10n|semanage|debconf|libpam-modules/.test(name);
/** Without LLVM its provider cannot be loaded, and where there is none Postgres does without. */
export const leftOut = [
  "usr/lib/postgresql/17/lib/llvmjit.so",
  "usr/lib/postgresql/17/lib/bitcode",
  "usr/share/doc",
  "usr/share/man",
  "usr/share/locale",
];

const shell = ["base-files", "dash", "coreutils"];
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export interface Programs {
  readonly node: string;
  readonly k6: string;
  readonly toxiproxy: string;
  readonly toxiproxyCli: string;
}

/** What a server of Postgres is, with its programs for copies. */
const postgres = ["postgresql-17", "postgresql-client-17", "postgresql-17-pgvector"];
/** The Python of the release, and what Patroni and its client of etcd import. */
const python = [
  ...["python3", "python3-minimal", "python3.13", "python3.13-minimal", "python3-six", "python3-wcwidth"],
  ...["psycopg2", "etcd", "yaml", "click", "dateutil", "prettytable", "psutil", "urllib3", "dnspython"].map((name) => `python3-${name}`),
];

/** By the name of the variable of compose.yaml that they stand in for, without its `_IMAGE`. */
export function standIns(
  programs: Programs,
): Readonly<Record<"postgres" | "redis" | "nginx" | "toxiproxy" | "k6" | "node" | "etcd" | "haproxy", StandIn>> {
  return {
    postgres: {
      packages: [...shell, ...postgres],
      files: { "usr/local/bin/docker-entrypoint.sh": join(import.meta.dirname, "postgres-entrypoint.sh") },
      owned: ["var/lib/postgresql/data", "var/run/postgresql"],
      user: { name: "postgres", id: 999 },
      configuration: [
        `ENV PATH=/usr/lib/postgresql/17/bin:${path} PGDATA=/var/lib/postgresql/data LANG=C.UTF-8`,
        'ENTRYPOINT ["/bin/sh","/usr/local/bin/docker-entrypoint.sh"]',
        'CMD ["postgres"]',
        "STOPSIGNAL SIGINT",
        "VOLUME /var/lib/postgresql/data",
        "EXPOSE 5432",
        "USER 999:999",
      ],
    },
    redis: {
      packages: [...shell, "redis-server", "redis-tools"],
      files: {},
      owned: ["data"],
      user: { name: "redis", id: 999 },
      configuration: [`ENV PATH=${path}`, 'CMD ["redis-server"]', "WORKDIR /data", "VOLUME /data", "EXPOSE 6379", "USER 999:999"],
    },
    nginx: {
      packages: [...shell, "nginx", "nginx-common"],
      files: {},
      owned: ["var/cache/nginx"],
      user: { name: "nginx", id: 101 },
      configuration: [`ENV PATH=${path}`, 'CMD ["nginx","-g","daemon off;"]', "STOPSIGNAL SIGQUIT", "EXPOSE 80", "USER 101:101"],
    },
    toxiproxy: {
      packages: [],
      files: { toxiproxy: programs.toxiproxy, "toxiproxy-cli": programs.toxiproxyCli },
      owned: [],
      user: { name: "toxiproxy", id: 65534 },
      configuration: ['ENTRYPOINT ["/toxiproxy"]', 'CMD ["-host=0.0.0.0"]', "EXPOSE 8474", "USER 65534:65534"],
    },
    k6: {
      packages: [],
      files: { "usr/bin/k6": programs.k6 },
      owned: ["home/k6"],
      user: { name: "k6", id: 12345 },
      configuration: [`ENV PATH=${path} HOME=/home/k6`, 'ENTRYPOINT ["k6"]', "WORKDIR /home/k6", "USER 12345:12345"],
    },
    node: {
      packages: [...shell, "libstdc++6", "libatomic1"],
      files: { "usr/local/bin/node": programs.node },
      owned: ["home/node"],
      user: { name: "node", id: 1000 },
      configuration: [`ENV PATH=${path} HOME=/home/node`, 'CMD ["node"]'],
    },
    etcd: {
      packages: [...shell, "etcd-server"],
      files: {},
      owned: ["etcd-data"],
      user: { name: "etcd", id: 999 },
      configuration: [`ENV PATH=${path}`, 'CMD ["etcd"]', "EXPOSE 2379 2380", "USER 999:999"],
    },
    haproxy: {
      packages: [...shell, "haproxy"],
      files: {},
      owned: [],
      user: { name: "haproxy", id: 99 },
      configuration: [`ENV PATH=${path}`, 'CMD ["haproxy","-f","/usr/local/etc/haproxy/haproxy.cfg"]', "STOPSIGNAL SIGUSR1", "USER 99:99"],
    },
  };
}

/** A node of a Postgres that fails over. `modules`: a folder with those of Patroni; `launcher`: the file that starts it. */
export function patroniStandIn({ modules, launcher }: PatroniFiles): StandIn {
  return {
    packages: [...shell, ...postgres, ...python],
    files: { "usr/lib/python3/dist-packages/patroni": modules, "usr/local/bin/patroni": launcher },
    owned: ["var/lib/postgresql/node", "var/lib/postgresql/archive"],
    user: { name: "postgres", id: 999 },
    configuration: [
      `ENV PATH=/usr/lib/postgresql/17/bin:${path} LANG=C.UTF-8 HOME=/var/lib/postgresql/node PYTHONPYCACHEPREFIX=/var/lib/postgresql/node/pycache`,
      'CMD ["patroni"]',
      "EXPOSE 5432 8008",
      "USER 999:999",
    ],
  };
}

export interface PatroniFiles {
  readonly modules: string;
  readonly launcher: string;
}

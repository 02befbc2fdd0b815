/** The proxy in front of one service, as `x-playbook.edge` names it; paths are absolute. */
export type EdgePlace = {
  driver: 'haproxy' | 'caddy' | 'nginx';
  /** The Compose project, and the service whose containers are asked. */
  project: string;
  service: string;
  /** The service of the same project that is the proxy; left out: it runs elsewhere. */
  edge?: string;
  /** The port of the container that the proxy asks. */
  port: number;
  /** Its backend (haproxy), upstream (nginx) or server (caddy). */
  backend: string;
  /** A unix socket (absolute path) or `host:port` (haproxy); the address of the admin API (caddy). */
  control?: string;
  /** The file on this host (absolute path) that it reads when it starts. */
  file?: string;
};

/** What a driver can do; the plan and `check.edge` repeat it in these words. */
export type EdgeAbilities = {
  /** Whether a part of the requests can be given to some of the containers. */
  weights: boolean;
  /** How letting go is known to be done: `exact` per container, `counted` but not exactly, or it `waits` for old workers to end. */
  drain: 'exact' | 'counted' | 'waits';
  /** What a switch does to connections of clients, as a clause: "no connection of a client is touched". */
  resets: string;
};

/** A container of the service as the edge can know it. */
export type EdgeContainer = {
  /** Full ID. */
  id: string;
  /** Without the leading slash. */
  name: string;
  running: boolean;
  /** IP addresses by the full name of the network; empty ones are left out. They change whenever it is started: never keep them. */
  addresses: Readonly<Record<string, string>>;
};

/** One place in the backend; a driver without places of its own gives one per container that it asks. */
export type EdgeServer = {
  /** What the edge calls it: `web1`, or the address. */
  name: string;
  /** The container it stands for: full ID; undefined where it stands for none that is there. */
  container?: string;
  /** `IP:PORT`; undefined while it has none. */
  address?: string;
  /** `ready` gets requests, `drain` only ends those it has, `out` gets none. */
  state: 'ready' | 'drain' | 'out';
  /** The edge's own check; `none`: it does not check. */
  check: 'passes' | 'fails' | 'pending' | 'none';
  /** The edge's own units; 100 is what a container gets that is let in without a word. */
  weight: number;
  /** Requests in progress. */
  sessions: number;
};

/** What a container shall be at the edge. */
export type EdgeWish = { container: string; state: EdgeServer['state']; weight?: number };

/** Whether everything is there that steering needs; each problem is one sentence, and says what to do. */
export type EdgeReport = {
  problems: { say: string; hint?: string }[];
  /** What works, but not as well as it could. */
  warnings: { say: string; hint?: string }[];
  /** How many containers can be at this edge at once; undefined: any number. */
  places?: { all: number; free: number };
};

/** Reads of one service's place at the edge; out of reach is a Refusal('unavailable') that says where and why. */
export interface EdgeReader {
  readonly place: EdgePlace;
  readonly can: EdgeAbilities;
  /** What the edge has of this service, told by the containers as they are now. */
  servers(): Promise<EdgeServer[]>;
  /** All containers of the service, running or not, read again each time. */
  containers(): Promise<EdgeContainer[]>;
  /** What `check.edge` asks: is the backend there, is it checked, does a restart keep it? */
  inspect(): Promise<EdgeReport>;
}

/** Changes of one service's place at the edge; nothing of another backend is touched. Each is idempotent. */
export interface EdgeChanger extends EdgeReader {
  /**
   * Makes it so: those to be `ready` first, each only when the edge's own check of it passes; then weights; only then are others
   * let go. Containers that are not named stay as they are. `within`: how long the checks have, in milliseconds.
   * A StepFailure('unhealthy') where a check does not pass: nothing was let go then, and what was let in is out again.
   * A container that is gone or not running can be anything but `ready`.
   */
  put(wishes: readonly EdgeWish[], within: number): Promise<void>;
  /** Waits until none of the containers has a request in progress, at most `within` milliseconds; how many were left then. */
  quiet(containers: readonly string[], within: number): Promise<{ left: number; waited_ms: number }>;
  /** Takes out what stands for no container that is there; the names of those servers. */
  clear(): Promise<string[]>;
  /** Writes what a restarted edge needs to serve as it does now; nothing where there is no place for it. */
  persist(): Promise<void>;
}

import type { Json } from '../../src/runner/contract.ts';

/** What `docker compose config` says: the model as JSON, and the exact text it was parsed from. */
export type Rendered = { text: string; model: ComposeModel };

/** The rendered model, as far as we read it; everything else is passed through. Numbers and durations are as Compose prints them. */
export type ComposeModel = {
  name: string;
  services: Record<string, ComposeService>;
  networks?: Record<string, ({ name?: string; external?: boolean } & Record<string, Json | undefined>) | null>;
  volumes?: Record<string, ({ name?: string; external?: boolean } & Record<string, Json | undefined>) | null>;
  configs?: Record<string, ComposeSource>;
  secrets?: Record<string, ComposeSource>;
};

export type ComposeSource = {
  name?: string;
  file?: string;
  content?: string;
  environment?: string;
  external?: boolean;
};

export type ComposeService = {
  image?: string;
  build?: Record<string, Json | undefined>;
  pull_policy?: string;
  container_name?: string;
  profiles?: string[];
  environment?: Record<string, string | null>;
  depends_on?: Record<string, { condition: string; required?: boolean; restart?: boolean }>;
  deploy?: { replicas?: number; resources?: Json; update_config?: Json; rollback_config?: Json };
  scale?: number;
  ports?: { target: number; published?: string; host_ip?: string; protocol?: string; mode?: string }[];
  volumes?: { type: string; source?: string; target: string; read_only?: boolean }[];
  configs?: { source: string; target?: string }[];
  secrets?: { source: string; target?: string }[];
  networks?: Record<string, Json | undefined>;
  network_mode?: string;
  restart?: string;
  healthcheck?: {
    test?: string[];
    disable?: boolean;
    interval?: string;
    timeout?: string;
    retries?: number;
    start_period?: string;
    start_interval?: string;
  };
  stop_grace_period?: string;
  mem_limit?: string;
  [key: string]: unknown;
};

/** `docker compose` calls that change nothing. */
export interface ComposeReader {
  /** `2.26.1`, without a distribution's suffix; a Refusal('unavailable') where there is no Compose. */
  version(): Promise<string>;
  /**
   * The user's files as the target and the shell say; the run's frozen file once there is one. A Problems with the place
   * in the user's file where they are invalid.
   */
  config(): Promise<Rendered>;
  /** The YAML form of `config`: the only one that keeps `x-` keys inside services. */
  configYaml(): Promise<string>;
  /** Service hashes of a rendered file's text (`config --hash '*'`); it goes in by standard input, so that no file is written. */
  hashes(renderedText: string): Promise<Record<string, string>>;
  /** Names of the variables the files ask for; none once the run's frozen file is used. */
  variables(): Promise<string[]>;
  /** Names of variables that are set nowhere and have no default: Compose puts an empty text in their place. */
  unset(): Promise<string[]>;
  /** Values of variables as Compose resolves them, from the shell and from `.env`; what is set nowhere is left out. */
  values(names: readonly string[]): Promise<Record<string, string>>;
  /** The user's Compose files, absolute, with those they include or extend. */
  files(): Promise<string[]>;
}

/** `env`: on top of the environment of the call, never on its command line, where everyone could read it. */
export type OneOffOptions = { env: Readonly<Record<string, string>>; onLine: (line: string) => void };

export type OneOffResult = { exitCode: number; lines: string[] };

/** `docker compose` calls that change the world. All take a rendered file; a failing one is a StepFailure with its last lines. */
export interface ComposeChanger extends ComposeReader {
  /** `create --no-build --pull never --no-recreate --scale s=n … SERVICE…`: makes, never starts, never replaces. */
  create(renderedFile: string, scale: Record<string, number>, services: readonly string[]): Promise<void>;
  /** `run ARGS…`: a one-off container; a command that ends with another code than 0 is a result, not a failure. */
  run(renderedFile: string, args: readonly string[], options: OneOffOptions): Promise<OneOffResult>;
  build(renderedFile: string, services: readonly string[], onLine: (line: string) => void): Promise<void>;
  /** `docker pull REFERENCE`, through the CLI for its credential helpers. */
  pull(reference: string, onLine: (line: string) => void, platform?: string): Promise<void>;
  /** `docker image save` / other plain docker calls with an argument list. */
  docker(args: readonly string[], onLine?: (line: string) => void): Promise<string>;
}

import type { ComposeService } from '../../clients/compose-types.ts';

/** One service with all that the practices look at. */
export type Subject = {
  name: string;
  config: ComposeService;
  job: boolean;
  /** An edge is in front of it, so its own ports are not what clients ask. */
  edge: boolean;
  /** What its image brings; undefined while it is not here. */
  image: { healthcheck: boolean; volumes: readonly string[] } | undefined;
  /** The driver of logs where the service names none. */
  log_driver: string;
  /** Whether a service of the stack has a healthcheck of its own or by its image. */
  healthcheck(service: string): boolean;
  /** How a value of the service is written in the user's files; undefined where it does not stand there. */
  written(path: readonly string[]): string | undefined;
};

/** What a finder has found: a clause about the service, and below which keys of it. */
export type Found = { say: string; at: readonly string[] };

export type Finder = (subject: Subject) => Found[];

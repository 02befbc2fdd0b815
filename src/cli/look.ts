import { Defect } from '../errors.ts';
import type { Look, ReadReleases, Release, Resources, Target } from '../runner/contract.ts';
import { systemClock } from './clock.ts';

/** Which stack on which engine: asked of the world once, when something needs it. */
export type StackId = { project: string; engine_id: string };

export type LookOptions = {
  target: Target;
  signal: AbortSignal;
  resources: Resources;
  playbook_dir: string;
  env: Readonly<Record<string, string>>;
  frozen?: string;
  /** See `Look`. */
  shadow?: string;
  /** See `Look`. */
  moment?: true;
  /** What `target.release` came to. */
  release?: Release;
  memory: Memory;
};

/** What earlier runs left: empty where there is no history yet. */
export type Memory = {
  hmac(bytes: string | Uint8Array): string;
  releases(stack: StackId): ReadReleases;
  measured(stack: StackId, what: string): number[];
  /** Projects of the same engine that an unfinished run holds. */
  busy(stack: StackId): string[];
};

/** For reads that come before the history is opened: nothing they ask may rest on it. */
export const NO_MEMORY: Memory = {
  hmac: () => notYet(),
  releases: () => notYet(),
  measured: () => notYet(),
  busy: () => notYet(),
};

function notYet(): never {
  throw new Defect('the history is not open yet');
}

/** Makes a Look; `identify` says which stack it is about when its history is asked for. */
export function createLook(options: LookOptions, identify: (look: Look) => Promise<StackId>): Look {
  const { memory, ...rest } = options;
  const stack = () => options.resources.once('cli.stack', () => identify(look));
  const look: Look = {
    ...rest,
    clock: systemClock,
    hmac: memory.hmac,
    releases: {
      list: async (): Promise<Release[]> => memory.releases(await stack()).list(),
      read: async (release, file) => memory.releases(await stack()).read(release, file),
    },
    measured: async (what) => memory.measured(await stack(), what),
    busy: async () => memory.busy(await stack()),
  };
  return look;
}

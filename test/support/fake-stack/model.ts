import type { Release } from '../../../src/runner/contract.ts';
import type { Life } from './life.ts';

export type Container = {
  id: string;
  service: string;
  image: string;
  config: string;
  state: 'created' | 'running' | 'exited';
  restart: 'always' | 'no';
};

/** A service as the Compose file has it. */
export type Wanted = {
  image: string;
  config: string;
  replicas: number;
  way: 'up' | 'stop-first' | 'edge';
  build?: true;
};

/** A stack, its engine, its edge and what releases are kept, as plain data: what a killed process leaves behind. */
export type Model = {
  file: Record<string, Wanted>;
  /** Which image each name shall mean in the end: what the registry has, a build gives, or a release had. */
  goal: Record<string, string>;
  images: string[];
  tags: Record<string, string>;
  containers: Container[];
  edge: Record<string, { state: 'ready' | 'drain'; weight: number }>;
  networks: string[];
  volumes: string[];
  cache: number;
  releases: Release[];
  /** Names and values: the world of steps that have nothing to do with containers. */
  values: Record<string, string>;
  /** What was sent to somebody, in order: nobody can take that back. */
  sent: string[];
  /** Files in the run's folder that actions keep for themselves. */
  files: Record<string, string[]>;
  /** How often something still fails before it works. */
  troubles: Record<string, number>;
  serial: number;
};

/** The world as one process sees it. */
export type World = { model: Model; life: Life };

/** Makes one change, unless the process is dead; it may die right after it. */
export async function change(world: World, what: string, make: (model: Model) => void): Promise<void> {
  make(world.model);
  world.life.point(what);
  await Promise.resolve();
}

export function emptyModel(more: Partial<Model> = {}): Model {
  return {
    file: {},
    goal: {},
    images: [],
    tags: {},
    containers: [],
    edge: {},
    networks: [],
    volumes: [],
    cache: 0,
    releases: [],
    values: {},
    sent: [],
    files: {},
    troubles: {},
    serial: 0,
    ...more,
  };
}

export function running(model: Model, service: string): Container[] {
  return model.containers.filter((each) => each.service === service && each.state === 'running');
}

export function containerOf(model: Model, id: string): Container | undefined {
  return model.containers.find((each) => each.id === id);
}

/** What its name means now is what a container must run. */
export function isCurrent({ file, tags }: Model, { service, image, config }: Container): boolean {
  const wanted = file[service];
  return wanted !== undefined && tags[wanted.image] === image && wanted.config === config;
}

/** Whether a container will have to go, once every name means what it shall. */
export function willBeOutdated({ file, goal, tags }: Model, { service, image, config }: Container): boolean {
  const wanted = file[service];
  return wanted === undefined || (goal[wanted.image] ?? tags[wanted.image]) !== image || wanted.config !== config;
}

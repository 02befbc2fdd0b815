import type { Certainty, Difference } from '../../src/runner/contract.ts';
import type { ComposeModel, ComposeService } from '../clients/compose-types.ts';
import type { ContainerInspect, ImageInspect, NetworkInspect, VolumeInspect } from '../clients/docker-types.ts';
import type { Marks } from './marks.ts';

/** What the files want: the rendered model with what is needed to compare it. Read once per run. */
export type DesiredStack = {
  project: string;
  model: ComposeModel;
  /** The rendered file's text without `build` and `pull_policy`: what the run deploys and a release keeps. */
  frozen: string;
  compose_version: string;
  services: Record<string, DesiredService>;
  /** Topological: a service stands after everything it depends on. */
  order: string[];
  /** Every service of the files, those of inactive profiles too: their containers are no orphans. */
  known: string[];
};

export type DesiredService = {
  name: string;
  config: ComposeService;
  /** As Compose's label would be; undefined where it cannot be known (`volumes_from`). */
  hash: string | undefined;
  /** Name of the image: as written, else `<project>-<service>` for a build. */
  image: string;
  replicas: number;
  /** One-shot: target of a `service_completed_successfully` condition, or `x-playbook: { job: true }`. */
  job: boolean;
  /** A job whose container is put back without being started: it has run in its time. */
  still?: true;
  /** What `x-playbook` says of it. */
  marks: Marks;
  /** HMACs of contents by name, alike for all services: `config NAME`, `secret NAME`, `file PATH` (a bound file up to 1 MB). */
  contents: Record<string, string>;
};

/** What is there now, by inspect. */
export type ObservedStack = {
  project: string;
  services: Record<string, ObservedContainer[]>;
  /** Containers of the project whose service the files do not have (inactive profiles are no orphans). */
  orphans: ObservedContainer[];
  networks: NetworkInspect[];
  volumes: VolumeInspect[];
  /** By name (`shop/web:1.5`) and by ID. */
  images: Record<string, ImageInspect | undefined>;
  /** HMACs of contents as the release that was put in place last has them; undefined where there is no release. */
  released?: Record<string, string>;
  /** When a rollback put that release in place (milliseconds): its jobs were put back then without being run. */
  put_back_at?: number;
  /** HMACs of contents that the release does not know, by service, as its running container sees them. */
  seen?: Record<string, Record<string, string>>;
  /** Containers that this run has stopped and keeps for the way back: they are there, but stand for nothing. */
  kept?: ReadonlySet<string>;
  /** Containers that this run has made: with the contents of now. */
  made?: ReadonlySet<string>;
};

export type ObservedContainer = {
  id: string;
  /** Without the leading slash. */
  name: string;
  service: string;
  number: number;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  health?: 'starting' | 'healthy' | 'unhealthy';
  hash: string;
  image_id: string;
  compose_version: string;
  /** `<12 hex>_name`: left by a recreate of Compose that broke. */
  leftover: boolean;
  anonymous_volumes: { name: string; destination: string }[];
  inspect: ContainerInspect;
};

/** What has to happen to one service, and why. Pure result of comparing the two. */
export type ServiceDecision = {
  service: string;
  verb: 'keep' | 'create' | 'recreate' | 'start' | 'scale' | 'run';
  because: string[];
  /** The image ID that new containers must run; undefined while it is not here yet. */
  image_id?: string;
  /** Containers that stay, are started as they are, are replaced, or are surplus. */
  keep: string[];
  start: string[];
  replace: string[];
  surplus: string[];
  /** Never started containers of a create that was cut: removed before anything else. */
  leftovers: string[];
  /** Every container that is not what the files want, whatever happens to it. */
  outdated: string[];
  /** How many containers are made besides those that replace one. */
  add: number;
  /** Earlier steps change its containers, so which ones it will have is not known yet. */
  changed_before?: true;
  diff: Difference[];
  certainty: Certainty;
  /** Something worth a word although nothing is done about it. */
  note?: string;
};

/** A service of the rendered file beside a container of it. */
export type Compared = {
  service: DesiredService;
  model: ComposeModel;
  inspect: ContainerInspect;
  /** The image the container runs: what it brings along is no difference. */
  image: ImageInspect | undefined;
};

/** One thing that is not as the files want it: a clause for people, and its details. */
export type Found = { because: string; diff: Difference[] };

import type Dockerode from 'dockerode';

export type ContainerSummary = Dockerode.ContainerInfo;
export type ContainerInspect = Dockerode.ContainerInspectInfo;
export type ImageInspect = Dockerode.ImageInspectInfo;
export type ImageSummary = Dockerode.ImageInfo;
export type NetworkInspect = Dockerode.NetworkInspectInfo;
export type VolumeInspect = Dockerode.VolumeInspectInfo;

export type EngineVersion = {
  version: string;
  api: string;
  id: string;
  name: string;
  os: string;
  kernel: string;
  /** What it runs unless told otherwise, as images name it: `linux/amd64`. */
  platform: string;
};

/** One line of `/events`; `time_nano` stays text, it is no safe JavaScript integer. */
export type EngineEvent = {
  type: string;
  action: string;
  id: string;
  attributes: Record<string, string>;
  time_nano: string;
};

/** One line of a container's log; `time`: seconds and nanoseconds (`1700000000.123456789`), as `since` takes them. */
export type LogLine = { line: string; time: string; stream: 'stdout' | 'stderr' };

/** `/system/df`, as far as we read it; sizes in bytes, -1 for what the engine did not measure. */
export type DiskUsage = {
  /** All layers of all images together. */
  LayersSize: number;
  Images: { Id: string; Size: number; SharedSize: number; RepoTags?: string[] | null }[] | null;
  Volumes: { Name: string; UsageData?: { Size: number; RefCount: number } | null }[] | null;
  BuildCache: { ID: string; Size: number; InUse: boolean; Shared: boolean; LastUsedAt?: string | null }[] | null;
};

/** Reads of the Engine API: GET and HEAD only. What is not there is `undefined`, never an error. */
export interface DockerReader {
  /** Rejects with a Refusal('unavailable') that says which socket or host did not answer, and why. */
  version(): Promise<EngineVersion>;
  /** Rejects with a Refusal('unavailable') where the engine does not answer within 3 s. */
  ping(): Promise<void>;
  /** `/info`: disk root, memory, CPUs, storage driver, security options. */
  info(): Promise<Record<string, unknown>>;
  /** All states. `project` filters by Compose's label. */
  containers(filter?: {
    project?: string;
    service?: string;
    running?: boolean;
    ancestor?: string;
  }): Promise<ContainerSummary[]>;
  container(id: string): Promise<ContainerInspect | undefined>;
  /** What takes how much disk; undefined where the engine needs more than a minute to tell. */
  diskUsage(): Promise<DiskUsage | undefined>;
  images(filter?: { reference?: string; dangling?: boolean }): Promise<ImageSummary[]>;
  image(reference: string): Promise<ImageInspect | undefined>;
  /** Digest the registry has for the reference now; a StepFailure of class transient, auth or not-found else. */
  registryDigest(reference: string): Promise<string>;
  networks(project?: string): Promise<NetworkInspect[]>;
  network(name: string): Promise<NetworkInspect | undefined>;
  volumes(project?: string): Promise<VolumeInspect[]>;
  volume(name: string): Promise<VolumeInspect | undefined>;
  /** The last lines, stdout and stderr in one order, escape sequences taken out. */
  logs(id: string, options: { tail?: number; since?: number }): Promise<string[]>;
  /**
   * Lines as they are written, escape sequences taken out, empty ones left out; from `since` on (inclusive), else from the
   * first. Ends with the container or the signal; rejects where the stream breaks, or the log's driver keeps nothing to read.
   * `follow: false`: what is there now.
   */
  followLogs(id: string, options: { since?: string; follow?: boolean }, signal: AbortSignal): AsyncIterable<LogLine>;
  /** Ends when the signal is aborted; reconnects are the caller's. */
  events(
    filter: { project?: string; types?: string[]; since?: string },
    signal: AbortSignal,
  ): AsyncIterable<EngineEvent>;
  /** One-shot sample, about 2 ms. */
  stats(id: string): Promise<Dockerode.ContainerStats | undefined>;
}

/** Changes through the Engine API. Each tolerates that it is already so (start of a running one, remove of a gone one). */
export interface DockerChanger extends DockerReader {
  tag(source: string, name: string): Promise<void>;
  /** Takes one name off an image; the image goes when nothing else names or uses it. */
  untag(name: string): Promise<void>;
  /** By its ID; never forced, so an image that something uses or that has several names is refused. */
  removeImage(id: string): Promise<void>;
  /** Clears the build cache but for so many bytes of it, the newest; gives how many bytes that freed. */
  pruneBuildCache(keepBytes: number): Promise<number>;
  createContainer(name: string, body: Record<string, unknown>): Promise<string>;
  start(id: string): Promise<void>;
  /** `seconds`: the grace period before the kill; left out: the container's own. */
  stop(id: string, seconds?: number): Promise<void>;
  remove(id: string, options: { anonymousVolumes: boolean }): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  restartPolicy(id: string, policy: { Name: string; MaximumRetryCount?: number }): Promise<void>;
  connect(network: string, id: string, endpoint: Record<string, unknown>): Promise<void>;
  disconnect(network: string, id: string): Promise<void>;
  /** `body`: as the engine takes it, without the name. */
  createNetwork(name: string, body: Record<string, unknown>): Promise<void>;
  removeNetwork(id: string): Promise<void>;
  /** Makes it, or gives the one of that name that is there already: its labels tell whose it is. */
  createVolume(name: string, labels: Record<string, string>): Promise<VolumeInspect>;
  removeVolume(name: string): Promise<void>;
}

import type { Sample } from './sample.ts';

/** What is wanted of a service: how many containers, and how sure one must be of them. */
export type Asked = {
  service: string;
  /** A one-shot service: done when it ended with exit code 0. */
  job: boolean;
  replicas: number;
  hash?: string;
  /** `running`: its health is not asked for, as it was not healthy before either. */
  want: 'healthy' | 'running';
  stable_for: number;
  /** In place of `stable_for` for containers without a healthcheck, of which only time can tell. */
  blind_for?: number;
  /** Only these containers of it, each of which must be there. */
  ids?: readonly string[];
};

/**
 * The containers that stand for a service now. Those kept for the way back (old ones, surplus ones) are there too, stopped:
 * the ones with the wanted configuration come first, then those that live, then the newest.
 */
export function presentContainers(asked: Asked, samples: readonly Sample[]): Sample[] {
  const { ids } = asked;
  if (ids) return samples.filter((sample) => ids.includes(sample.id)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const ofService = samples.filter((sample) => sample.service === asked.service);
  const rank = (sample: Sample) => (sample.hash === asked.hash ? 2 : 0) + (lives(sample) ? 1 : 0);
  return ofService
    .toSorted((a, b) => rank(b) - rank(a) || (a.created < b.created ? 1 : -1))
    .slice(0, Math.max(asked.replicas, 1))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function lives(sample: Sample): boolean {
  return sample.state === 'running' || sample.state === 'restarting' || sample.state === 'paused';
}

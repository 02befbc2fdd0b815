import type { Family } from '../../src/runner/contract.ts';
import { buildCache } from './build-cache.ts';
import { containers } from './containers.ts';
import { images } from './images.ts';
import { networks } from './networks.ts';
import { volumes } from './volumes.ts';

export const prune: Family = {
  name: 'prune',
  summary: 'Take away what nothing needs any more, on the whole engine.',
  offers: {
    'prune.build_cache': buildCache,
    'prune.containers': containers,
    'prune.images': images,
    'prune.networks': networks,
    'prune.volumes': volumes,
  },
};

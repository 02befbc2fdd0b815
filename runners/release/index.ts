import type { Family } from '../../src/runner/contract.ts';
import { releaseCompare } from './compare.ts';
import { releaseContainers } from './containers.ts';
import { releaseFacts } from './facts.ts';
import { releaseImages } from './images.ts';
import { releaseRecord } from './record.ts';

/** Releases: what a stack was when a run ended well. */
export const release: Family = {
  name: 'release',
  summary: 'Keep what a stack was when a run ended well, and put it back later.',
  offers: {
    'release.compare': releaseCompare,
    'release.containers': releaseContainers,
    'release.images': releaseImages,
    'release.record': releaseRecord,
  },
  facts: { release: releaseFacts },
};

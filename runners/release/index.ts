import type { Family } from '../../src/runner/contract.ts';
import { releaseRecord } from './record.ts';

/** Releases: what a stack was when a run ended well. */
export const release: Family = {
  name: 'release',
  summary: 'Keep what a stack was when a run ended well.',
  offers: { 'release.record': releaseRecord },
};

import type { Family } from '../../src/runner/contract.ts';
import { waitFor } from './for.ts';
import { waitSoak } from './soak.ts';

export const wait: Family = {
  name: 'wait',
  summary: 'Waiting for something outside the stack, or for time to pass.',
  offers: { 'wait.for': waitFor, 'wait.soak': waitSoak },
};

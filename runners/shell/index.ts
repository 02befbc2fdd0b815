import type { Family } from '../../src/runner/contract.ts';
import { shellRun } from './run.ts';

export const shell: Family = {
  name: 'shell',
  summary: 'Commands of your own.',
  offers: { 'shell.run': shellRun },
};

import type { Family } from '../../src/runner/contract.ts';
import { gitCheckout } from './checkout.ts';

export const git: Family = {
  name: 'git',
  summary: 'Commits of a git repository.',
  offers: { 'git.checkout': gitCheckout },
};

import type { Family } from '../../src/runner/contract.ts';
import { engineFacts, gitFacts, hostFacts, stackFacts } from './facts.ts';
import { up } from './up.ts';

export const compose: Family = {
  name: 'compose',
  summary: 'What Docker Compose knows: pull, build, bring up, run once, take down.',
  offers: { 'compose.up': up },
  facts: { stack: stackFacts, engine: engineFacts, host: hostFacts, git: gitFacts },
};

import type { Family } from '../../src/runner/contract.ts';
import { composeBuild } from './build.ts';
import { composeDown } from './down.ts';
import { engineFacts, gitFacts, hostFacts, stackFacts } from './facts.ts';
import { composePull } from './pull.ts';
import { composeRun } from './run.ts';
import { up } from './up.ts';

export const compose: Family = {
  name: 'compose',
  summary: 'What Docker Compose knows: pull, build, bring up, run once, take down.',
  offers: {
    'compose.build': composeBuild,
    'compose.down': composeDown,
    'compose.pull': composePull,
    'compose.run': composeRun,
    'compose.up': up,
  },
  facts: { stack: stackFacts, engine: engineFacts, host: hostFacts, git: gitFacts },
};

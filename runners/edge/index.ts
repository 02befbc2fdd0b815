import type { Family } from '../../src/runner/contract.ts';
import { drain } from './drain.ts';
import { join } from './join.ts';
import { switchOver } from './switch.ts';
import { sync } from './sync.ts';

export const edge: Family = {
  name: 'edge',
  summary: 'Who gets requests: letting containers in and out at the proxy in front of a service.',
  offers: { 'edge.drain': drain, 'edge.join': join, 'edge.switch': switchOver, 'edge.sync': sync },
};

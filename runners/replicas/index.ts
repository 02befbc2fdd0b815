import type { Family } from '../../src/runner/contract.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { strategy } from './strategy.ts';

export const replicas: Family = {
  name: 'replicas',
  summary: 'Replacing the containers of a service batch by batch, so that others of it go on.',
  offers: { 'replicas.start': start, 'replicas.stop': stop, 'replicas.strategy': strategy },
};

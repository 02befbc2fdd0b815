import type { Family } from '../../src/runner/contract.ts';
import { healthWait } from './wait.ts';

export const health: Family = {
  name: 'health',
  summary: 'Waiting for services to become healthy and stay so.',
  offers: { 'health.wait': healthWait },
};

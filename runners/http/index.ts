import type { Family } from '../../src/runner/contract.ts';
import { httpCheck } from './check.ts';

export const http: Family = {
  name: 'http',
  summary: 'Asking services over HTTP.',
  offers: { 'http.check': httpCheck },
};

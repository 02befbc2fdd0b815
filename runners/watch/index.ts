import type { Family } from '../../src/runner/contract.ts';
import { watchEvents } from './events.ts';
import { watchHealth } from './health.ts';
import { watchHttp } from './http.ts';
import { watchLogs } from './logs.ts';
import { watchRestarts } from './restarts.ts';
import { watchTcp } from './tcp.ts';
import { watchUsage } from './usage.ts';

export const watch: Family = {
  name: 'watch',
  summary: 'Rules that are watched beside the steps, and turn a run back when something goes bad.',
  offers: {
    'watch.events': watchEvents,
    'watch.health': watchHealth,
    'watch.http': watchHttp,
    'watch.logs': watchLogs,
    'watch.restarts': watchRestarts,
    'watch.tcp': watchTcp,
    'watch.usage': watchUsage,
  },
};

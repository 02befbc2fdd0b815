import { defineTrigger } from '../../src/runner/contract.ts';
import { counted } from '../stack/words.ts';
import type { RestartsParams } from './restarts-watch.ts';
import { objectToServices, ofServices, servicesParam } from './services.ts';

/** Bad when a container keeps crashing, or is killed for the memory it takes. */
export const watchRestarts = defineTrigger<RestartsParams>({
  summary: 'Notice containers that keep crashing, or run out of memory.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      more_than: {
        type: 'integer',
        minimum: 0,
        default: 2,
        description: 'More restarts of one container than this are bad; a kill for want of memory always is.',
      },
      services: servicesParam,
    },
  },
  examples: [
    { title: 'Three restarts of one container', with: { more_than: 2 } },
    { title: 'Any restart of the database', with: { more_than: 0, services: ['db'] } },
  ],
  sample: {
    type: 'object',
    additionalProperties: false,
    required: ['restarts', 'oom'],
    properties: {
      restarts: { type: 'integer', description: 'How often the worst container was restarted since the watch began.' },
      oom: { type: 'integer', description: 'How many kills for want of memory there were since the watch began.' },
    },
  },
  say: ({ more_than, services }) => {
    const restarts = more_than === 0 ? 'any restart' : `more than ${counted(more_than, 'restart')}`;
    return `${ofServices(services)}${restarts}, or out of memory`;
  },
  needs: () => 0,
  objection: objectToServices,
  baseline: async (params, look) => (await import('./restarts-watch.ts')).restartsBefore(params, look),
  async *watch(params, watching) {
    yield* (await import('./restarts-watch.ts')).runRestarts(params, watching);
  },
});

import { defineTrigger } from '../../src/runner/contract.ts';
import { sayDuration } from '../stack/words.ts';
import type { EventsParams } from './events-watch.ts';
import { objectToServices, ofServices, servicesParam } from './services.ts';

/** Bad when the engine tells too often of something. */
export const watchEvents = defineTrigger<EventsParams>({
  summary: "Count the engine's events of the stack: containers that die, run out of memory, are killed.",
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['actions'],
    properties: {
      type: {
        type: 'string',
        enum: ['container', 'network', 'volume'],
        default: 'container',
        description: 'What the events are about.',
      },
      actions: {
        type: 'array',
        items: {
          type: 'string',
          enum: [
            'create',
            'start',
            'die',
            'oom',
            'kill',
            'stop',
            'restart',
            'pause',
            'unpause',
            'destroy',
            'health_status: healthy',
            'health_status: unhealthy',
            'connect',
            'disconnect',
            'mount',
            'unmount',
          ],
        },
        minItems: 1,
        description:
          'What happens to it. `die` counts a container that ends by itself, not one that is stopped; steps stop and kill too.',
      },
      more_than: { type: 'integer', minimum: 0, default: 0, description: 'More events than this are bad.' },
      within: {
        type: 'string',
        format: 'duration',
        default: '1m',
        description: 'The time in which the events are counted; it slides along.',
      },
      services: { ...servicesParam, description: 'The services whose containers count; left out: all of them.' },
    },
  },
  examples: [
    { title: 'Any container that dies or runs out of memory', with: { actions: ['die', 'oom'] } },
    {
      title: 'Health that flaps',
      with: { actions: ['health_status: unhealthy'], more_than: 3, within: '5m', services: ['web'] },
    },
  ],
  sample: {
    type: 'object',
    additionalProperties: false,
    required: ['count'],
    properties: {
      count: { type: 'integer', description: 'How many of the events there were within the time that counts.' },
    },
  },
  say: ({ actions, more_than, within, services }) => {
    const what = `${actions.join(' or ')} event`;
    const many = more_than === 0 ? `any ${what}` : `more than ${more_than} ${what}${more_than === 1 ? '' : 's'}`;
    return `${ofServices(services)}${many} in ${sayDuration(within)}`;
  },
  needs: ({ within }) => within,
  objection: objectToServices,
  async *watch(params, watching) {
    yield* (await import('./events-watch.ts')).runEvents(params, watching);
  },
});

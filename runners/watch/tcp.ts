import { defineTrigger } from '../../src/runner/contract.ts';
import { sayDuration } from '../stack/words.ts';
import type { TcpParams } from './tcp-watch.ts';
import { everyParam, failingForParam, failingForSample, withinParam } from './tries-schema.ts';

/** Bad when a port has accepted no connection for a while. */
export const watchTcp = defineTrigger<TcpParams>({
  summary: 'Try a TCP port, and notice when it accepts no connection for a while.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['host', 'port', 'failing_for'],
    properties: {
      host: {
        type: 'string',
        pattern: '^[^\\s/]+$',
        'x-untainted': true,
        description: 'Name or address of the host.',
        examples: ['127.0.0.1', 'db.internal'],
      },
      port: { type: 'integer', minimum: 1, maximum: 65535, description: 'The port that must accept connections.' },
      every: everyParam,
      failing_for: failingForParam,
      each_within: withinParam,
    },
  },
  examples: [{ title: 'A database', with: { host: '127.0.0.1', port: 5432, failing_for: '30s' } }],
  sample: {
    type: 'object',
    additionalProperties: false,
    required: ['failing_for'],
    properties: { failing_for: failingForSample },
  },
  say: ({ host, port, failing_for }) => `${host}:${port} unreachable for ${sayDuration(failing_for)}`,
  needs: ({ failing_for }) => failing_for,
  baseline: async (params, look) => (await import('./tcp-watch.ts')).acceptedBefore(params, look),
  async *watch(params, watching) {
    yield* (await import('./tcp-watch.ts')).runTcp(params, watching);
  },
});

import { defineTrigger } from '../../src/runner/contract.ts';
import { sayDuration } from '../stack/words.ts';
import type { HttpParams } from './http-watch.ts';
import { everyParam, failingForParam, failingForSample, withinParam } from './tries-schema.ts';

/** Bad when an address has given no good answer for a while. */
export const watchHttp = defineTrigger<HttpParams>({
  summary: 'Ask an address over HTTP, and notice when it gives no good answer for a while.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['url', 'failing_for'],
    properties: {
      url: { type: 'string', format: 'url', 'x-untainted': true, description: 'The address to ask, http or https.' },
      every: everyParam,
      failing_for: failingForParam,
      status: {
        type: 'array',
        items: {
          anyOf: [
            { type: 'integer', minimum: 100, maximum: 599 },
            { type: 'string', pattern: '^[1-5]xx$' },
          ],
        },
        minItems: 1,
        default: ['2xx'],
        description: 'Which statuses are good: numbers, or classes such as 2xx.',
        examples: [['2xx', 404]],
      },
      headers: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Headers to send, by name; none of them may be a secret.',
      },
      each_within: withinParam,
    },
  },
  examples: [
    { title: 'Unavailable for two minutes', with: { url: 'http://127.0.0.1:8080/', every: '5s', failing_for: '2m' } },
    {
      title: 'A virtual host behind the proxy',
      with: {
        url: 'http://127.0.0.1/healthz',
        failing_for: '30s',
        headers: { Host: 'shop.example' },
        status: ['2xx', 401],
      },
    },
  ],
  sample: {
    type: 'object',
    additionalProperties: false,
    required: ['failing_for', 'status', 'latency_ms'],
    properties: {
      failing_for: failingForSample,
      status: { type: 'integer', description: 'The status of the answer; 0 where there was none.' },
      latency_ms: { type: 'integer', description: 'How long the answer took; 0 where there was none.' },
    },
  },
  say: ({ failing_for }) => `unreachable for ${sayDuration(failing_for)}`,
  needs: ({ failing_for }) => failing_for,
  baseline: async (params, look) => (await import('./http-watch.ts')).answeredBefore(params, look),
  async *watch(params, watching) {
    yield* (await import('./http-watch.ts')).runHttp(params, watching);
  },
});

import { defineAction, type JsonSchema } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { StrategyParams } from './decide.ts';
import type { StrategyOutputs } from './strategy-run.ts';

const params: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    services: {
      type: 'array',
      description: 'Only these services and what they need; left out or empty: all of them.',
      items: { type: 'string', format: 'service' },
      examples: [['web']],
    },
    batch: {
      type: 'array',
      description:
        'Sizes of the batches, the last one repeats: counts or parts of all replicas. Left out or empty: `update_config.parallelism`, else 1, 25%, 50%.',
      items: {
        anyOf: [
          { type: 'integer', minimum: 1 },
          { type: 'string', pattern: '^([1-9][0-9]*|[1-9][0-9]?%|100%)$' },
        ],
      },
      examples: [[1, '25%', '50%']],
    },
    delay: {
      type: 'string',
      format: 'duration',
      description: 'Pause between batches; left out or `0s`: `update_config.delay`, else none.',
    },
    order: {
      enum: ['auto', 'start-first', 'stop-first'],
      description:
        'Whether new ones start before old ones stop; `auto`: `update_config.order`, else start-first where it can be.',
      default: 'auto',
    },
    way: {
      enum: ['rolling', 'blue-green'],
      description: '`rolling`: batch by batch. `blue-green`: services behind an edge double, all replicas at once.',
      default: 'rolling',
    },
  },
};

const names = (description: string): JsonSchema => ({ type: 'array', description, items: { type: 'string' } });

const service: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'order', 'because', 'edge', 'batch', 'delay', 'replicas'],
  properties: {
    name: { type: 'string', description: 'The service.' },
    order: { type: 'string', enum: ['start-first', 'stop-first'], description: 'What happens first to a replica.' },
    because: { type: 'string', description: 'Why this order, as a clause.' },
    edge: { type: 'boolean', description: 'Whether a proxy stands in front of it.' },
    batch: names('Sizes of the batches, for `batch` of a loop.'),
    delay: { type: 'string', description: 'Pause between batches, for `delay` of a loop.' },
    replicas: names('IDs of the containers to replace.'),
  },
};

/** Decides how each changed service is replaced: in batches and in which order, or by `compose.up`; and why. */
export const strategy = defineAction<StrategyParams, null, StrategyOutputs>({
  summary: 'Decide how each service that changes is replaced, so that as little as possible goes down, and say why.',
  params,
  examples: [
    { title: 'Batch by batch, as the Compose file says', with: {} },
    { title: 'One canary, then a quarter, then halves', with: { batch: [1, '25%', '50%'], delay: '5s' } },
    { title: 'All replicas of services behind an edge at once', with: { way: 'blue-green' } },
  ],
  effect: 'pure',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['services', 'before', 'after', 'say'],
    properties: {
      services: { type: 'array', description: 'Services that are replaced in batches, in order.', items: service },
      before: names('Services that compose.up has to bring up before the batches.'),
      after: names('Services that compose.up has to bring up after the batches, as they need what is replaced there.'),
      say: sayOutput,
    },
  },
  timeout: '2m',
  plan: async (given, look, earlier) => (await import('./strategy-run.ts')).planStrategy(given, look, earlier),
  foresee: async (given, look, earlier) => (await import('./strategy-run.ts')).runStrategy(given, look, earlier),
  run: async (given, { look }) => (await import('./strategy-run.ts')).runStrategy(given, look),
  undo: { unneeded: 'it only looks' },
});

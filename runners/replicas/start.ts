import { defineAction, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { MakeReceipt } from '../stack/make/receipts.ts';
import type { StartOutputs, StartParams } from './start-plan.ts';

/** Makes and starts as many new containers of a service as it is to replace; the old ones are stopped by it only with stop-first. */
export const start = defineAction<StartParams, MakeReceipt, StartOutputs>({
  summary: 'Make new containers of a service beside the ones they replace, and start them.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['service', 'replace'],
    properties: {
      service: { type: 'string', format: 'service', description: 'The service.', examples: ['web'] },
      replace: {
        type: 'array',
        description: 'Full IDs of the containers that are replaced: as many new ones are made.',
        items: { type: 'string' },
      },
      order: {
        enum: ['start-first', 'stop-first'],
        description: 'Whether the old ones go on (start-first), or stop right before the new ones start.',
        default: 'start-first',
      },
    },
  },
  examples: [
    {
      title: 'A batch of a loop over what replicas.strategy gave',
      with: { service: 'web', replace: ['8d1b6a0f4c2e'], order: 'start-first' },
    },
  ],
  effect: 'convergent',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['containers', 'names', 'addresses', 'say'],
    properties: {
      containers: { type: 'array', description: 'Full IDs of the new containers.', items: { type: 'string' } },
      names: { type: 'array', description: 'Their names.', items: { type: 'string' } },
      addresses: {
        type: 'array',
        description: 'Where each can be asked from this host, as `IP:PORT`; none where it has no port.',
        items: { type: 'string' },
      },
      say: sayOutput,
    },
  },
  timeout: '15m',
  plan: async (params, look, earlier) => (await import('./start-plan.ts')).planStart(params, look, earlier),
  foresee: async (params, look, earlier) => (await import('./start-plan.ts')).foreseeStart(params, look, earlier),
  run: loadAndRun,
  undo: async (receipt, context) => (await import('../stack/make/take-back.ts')).undoMade(receipt, context),
  settle: async (receipt, context) => (await import('../stack/make/take-back.ts')).settleMade(receipt, context),
});

/** The way back is loaded before the first change: the package's files may be gone or others by the time it is needed. */
async function loadAndRun(params: StartParams, context: RunContext<MakeReceipt>): Promise<StartOutputs> {
  const [{ runStart }] = await Promise.all([import('./start-run.ts'), import('../stack/make/take-back.ts')]);
  return runStart(params, context);
}

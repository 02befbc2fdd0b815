import { defineAction, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { MakeReceipt } from '../stack/make/receipts.ts';
import type { StopOutputs, StopParams } from './stop-run.ts';

/** Stops the containers that were replaced; they are removed once there is no way back any more. */
export const stop = defineAction<StopParams, MakeReceipt, StopOutputs>({
  summary: 'Stop containers of a service by their IDs, and keep them until there is no way back.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['service', 'containers'],
    properties: {
      service: { type: 'string', format: 'service', description: 'The service.', examples: ['web'] },
      containers: {
        type: 'array',
        description: 'Full IDs of the containers to stop, with the grace period that the Compose file gives them.',
        items: { type: 'string' },
      },
    },
  },
  examples: [
    {
      title: 'The old ones of a batch, once the new ones serve',
      with: { service: 'web', containers: ['8d1b6a0f4c2e'] },
    },
  ],
  effect: 'convergent',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['stopped', 'say'],
    properties: {
      stopped: { type: 'array', description: 'Full IDs of those that were stopped now.', items: { type: 'string' } },
      say: sayOutput,
    },
  },
  timeout: '15m',
  plan: async (params, look, earlier) => (await import('./stop-run.ts')).planStop(params, look, earlier),
  run: loadAndRun,
  undo: async (receipt, context) => (await import('./stop-run.ts')).undoStop(receipt, context),
  settle: async (receipt, context) => (await import('../stack/make/take-back.ts')).settleMade(receipt, context),
});

/** The way back is loaded before the first change: the package's files may be gone or others by the time it is needed. */
async function loadAndRun(params: StopParams, context: RunContext<MakeReceipt>): Promise<StopOutputs> {
  const [{ runStop }] = await Promise.all([import('./stop-run.ts'), import('../stack/make/take-back.ts')]);
  return runStop(params, context);
}

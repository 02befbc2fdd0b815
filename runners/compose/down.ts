import { defineAction } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { DownOutputs, DownReceipt } from './down-run.ts';

type Params = Record<string, never>;

/**
 * `compose.down`: stops the stack, dependents first. Containers and networks are removed once there is no way back; until
 * then undo starts the same containers again. Volumes stay, always.
 */
export const composeDown = defineAction<Params, DownReceipt, DownOutputs>({
  summary: 'Stop the stack and take away its containers and networks; volumes stay.',
  params: { type: 'object', properties: {}, additionalProperties: false },
  examples: [{ title: 'Take the stack down', with: {} }],
  effect: 'convergent',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['stopped', 'say'],
    properties: {
      stopped: { type: 'array', items: { type: 'string' }, description: 'Names of the containers that were stopped.' },
      say: sayOutput,
    },
  },
  timeout: '10m',
  plan: async (_params, look) => (await import('./down-run.ts')).planDown(look),
  run: async (_params, context) => (await import('./down-run.ts')).runDown(context),
  undo: async (receipt, context) => (await import('./down-run.ts')).undoDown(receipt, context),
  settle: async (receipt, context) => (await import('./down-run.ts')).settleDown(receipt, context),
});

import { defineAction } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { PullOutputs, PullReceipt } from './pull-run.ts';

type Params = Record<string, never>;

/**
 * `compose.pull`: brings the images that the registry has anew, by the digests that the plan showed. Names move only when
 * every image is here, so a pull that fails half-way leaves the stack as it was.
 */
export const composePull = defineAction<Params, PullReceipt, PullOutputs>({
  summary: 'Pull the images of the stack, by the digests that the plan showed.',
  params: { type: 'object', properties: {}, additionalProperties: false },
  examples: [{ title: 'Pull what the registry has anew', with: {} }],
  effect: 'convergent',
  outputs: {
    type: 'object',
    properties: {
      pulled: { type: 'array', items: { type: 'string' }, description: 'Names of the images that were pulled.' },
      say: sayOutput,
    },
    required: ['pulled', 'say'],
  },
  timeout: '15m',
  plan: async (_params, look) => (await import('./pull-run.ts')).planPull(look),
  run: async (_params, context) => (await import('./pull-run.ts')).runPull(context),
  undo: async (receipt, context) => (await import('./pull-run.ts')).undoPull(receipt, context),
  settle: async (receipt, context) => (await import('./pull-run.ts')).settlePull(receipt, context),
});

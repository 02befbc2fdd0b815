import { defineAction, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import { containersParam, drainOutputs, serviceParam, withinParam } from './params.ts';
import type { EdgeReceipt } from './receipt.ts';
import type { SwitchOutputs, SwitchParams } from './switch-run.ts';

/** Gives all requests, or a part of them, to the other containers of a service; the way back is one step. */
export const switchOver = defineAction<SwitchParams, EdgeReceipt, SwitchOutputs>({
  summary: 'Give all or a part of the requests to the other running containers of a service.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['service', 'from'],
    properties: {
      service: serviceParam,
      from: containersParam('Full IDs of the containers that have the requests now; all other running ones get them.'),
      percent: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 100,
        description: 'How much the others get; less than 100 needs an edge that knows weights.',
      },
      within: withinParam,
    },
  },
  examples: [
    {
      title: 'A tenth of the requests first',
      with: { service: 'web', from: ['9b1c6a3f0d52'], percent: 10 },
    },
    { title: 'All of them', with: { service: 'web', from: ['9b1c6a3f0d52'] } },
  ],
  effect: 'convergent',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['to', 'requests', 'left', 'waited_ms', 'say'],
    properties: {
      to: { type: 'array', items: { type: 'string' }, description: 'Full IDs of the containers that get them now.' },
      ...drainOutputs,
      say: sayOutput,
    },
  },
  timeout: '15m',
  plan: async (params, look, earlier) => (await import('./switch-run.ts')).planSwitch(params, look, earlier),
  run: async (params, context) => loadAndRun(params, context),
  undo: async (receipt, context) => (await import('./route-back.ts')).routeBack(receipt, context),
  settle: async (receipt, context) => (await import('./route-back.ts')).settleRoute(receipt, context),
});

/** The way back is loaded before the first change: the package's files may be gone or others by the time it is needed. */
async function loadAndRun(params: SwitchParams, context: RunContext<EdgeReceipt>): Promise<SwitchOutputs> {
  const [{ runSwitch }] = await Promise.all([import('./switch-run.ts'), import('./route-back.ts')]);
  return runSwitch(params, context);
}

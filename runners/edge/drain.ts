import { defineAction, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { DrainOutputs, DrainParams } from './drain-run.ts';
import { containersParam, drainOutputs, serviceParam, withinParam } from './params.ts';
import type { EdgeReceipt } from './receipt.ts';

/** Lets containers go at the edge: no new requests, those in progress end, then they are out. */
export const drain = defineAction<DrainParams, EdgeReceipt, DrainOutputs>({
  summary: 'Give containers no more requests, and wait until those in progress have ended.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['service', 'containers'],
    properties: {
      service: serviceParam,
      containers: containersParam('Full IDs of the containers that are let go.'),
      within: withinParam,
    },
  },
  examples: [
    {
      title: 'The old ones of a batch, before they are stopped',
      with: { service: 'web', containers: ['9b1c6a3f0d52'], within: '30s' },
    },
  ],
  effect: 'convergent',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['requests', 'left', 'waited_ms', 'say'],
    properties: { ...drainOutputs, say: sayOutput },
  },
  timeout: '15m',
  plan: async (params, look, earlier) => (await import('./drain-run.ts')).planDrain(params, look, earlier),
  run: async (params, context) => loadAndRun(params, context),
  undo: async (receipt, context) => (await import('./route-back.ts')).routeBack(receipt, context),
});

/** The way back is loaded before the first change: the package's files may be gone or others by the time it is needed. */
async function loadAndRun(params: DrainParams, context: RunContext<EdgeReceipt>): Promise<DrainOutputs> {
  const [{ runDrain }] = await Promise.all([import('./drain-run.ts'), import('./route-back.ts')]);
  return runDrain(params, context);
}

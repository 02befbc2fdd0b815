import { defineAction, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { JoinOutputs, JoinParams } from './join-run.ts';
import { containersParam, serviceParam } from './params.ts';
import type { EdgeReceipt } from './receipt.ts';

/** Lets new containers in at the edge, each only once the edge's own check of it passes. */
export const join = defineAction<JoinParams, EdgeReceipt, JoinOutputs>({
  summary: "Give containers requests, once the edge's own check of them passes.",
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['service', 'containers'],
    properties: {
      service: serviceParam,
      containers: containersParam('Full IDs of the containers that are let in.'),
      weight: {
        type: 'integer',
        minimum: 0,
        maximum: 100,
        default: 100,
        description: 'Their share, against the 100 that others have; less than that needs an edge that knows weights.',
      },
    },
  },
  examples: [
    {
      title: 'The new ones of a batch',
      with: { service: 'web', containers: ['9b1c6a3f0d52'], weight: 100 },
    },
  ],
  effect: 'convergent',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['joined', 'say'],
    properties: {
      joined: { type: 'array', items: { type: 'string' }, description: 'Names of those that were let in now.' },
      say: sayOutput,
    },
  },
  timeout: '2m',
  plan: async (params, look, earlier) => (await import('./join-run.ts')).planJoin(params, look, earlier),
  run: async (params, context) => loadAndRun(params, context),
  undo: async (receipt, context) => (await import('./route-back.ts')).routeBack(receipt, context),
});

/** The way back is loaded before the first change: the package's files may be gone or others by the time it is needed. */
async function loadAndRun(params: JoinParams, context: RunContext<EdgeReceipt>): Promise<JoinOutputs> {
  const [{ runJoin }] = await Promise.all([import('./join-run.ts'), import('./route-back.ts')]);
  return runJoin(params, context);
}

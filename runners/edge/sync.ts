import { defineAction, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import { withinParam } from './params.ts';
import type { EdgeReceipt } from './receipt.ts';
import type { SyncOutputs, SyncParams } from './sync-run.ts';

/** Makes every edge serve exactly the running and healthy containers, whoever changed them. */
export const sync = defineAction<SyncParams, EdgeReceipt, SyncOutputs>({
  summary: 'Let exactly the running and healthy containers serve at the edge; does nothing where there is no edge.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      services: {
        type: 'array',
        items: { type: 'string', format: 'service' },
        minItems: 1,
        description: 'The services; left out: all that stand behind an edge.',
      },
      within: withinParam,
    },
  },
  examples: [{ title: 'All services, at the end of a deployment', with: {} }],
  effect: 'convergent',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['joined', 'released', 'say'],
    properties: {
      joined: { type: 'array', items: { type: 'string' }, description: 'Names of containers that were let in.' },
      released: { type: 'array', items: { type: 'string' }, description: 'Names of what was taken out.' },
      say: sayOutput,
    },
  },
  timeout: '15m',
  plan: async (params, look, earlier) => (await import('./sync-run.ts')).planSync(params, look, earlier),
  run: async (params, context) => loadAndRun(params, context),
  undo: async (receipt, context) => (await import('./route-back.ts')).routeBack(receipt, context),
});

/** The way back is loaded before the first change: the package's files may be gone or others by the time it is needed. */
async function loadAndRun(params: SyncParams, context: RunContext<EdgeReceipt>): Promise<SyncOutputs> {
  const [{ runSync }] = await Promise.all([import('./sync-run.ts'), import('./route-back.ts')]);
  return runSync(params, context);
}

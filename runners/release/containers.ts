import { defineAction, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { GroupReceipt } from '../stack/receipt.ts';
import type { ContainersOutputs } from './containers-run.ts';

const names = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;

/** `release.containers`: puts the containers of a release back that was recorded without a Compose file. */
export const releaseContainers = defineAction<Record<string, never>, GroupReceipt, ContainersOutputs>({
  summary:
    'Put the containers of a release back from what the engine said of them; for `found`, which has no Compose file.',
  params: { type: 'object', properties: {}, additionalProperties: false },
  examples: [{ title: 'Back to what ran before the first run', with: {} }],
  effect: 'convergent',
  outputs: {
    type: 'object',
    properties: {
      changed: { type: 'boolean', description: 'Whether anything was done.' },
      restored: names('Services whose containers were started or made again.'),
      removed: names('Services that the release does not have: stopped, and removed once there is no way back.'),
      say: sayOutput,
    },
    required: ['changed', 'restored', 'removed', 'say'],
  },
  timeout: '15m',
  plan: async (_params, look) => (await import('./containers-run.ts')).planContainers(look),
  run: loadAndRun,
  undo: async (receipt, context) => (await import('../stack/make/take-back.ts')).undoMade(receipt, context),
  settle: async (receipt, context) => (await import('../stack/make/take-back.ts')).settleMade(receipt, context),
});

async function loadAndRun(
  _params: Record<string, never>,
  context: RunContext<GroupReceipt>,
): Promise<ContainersOutputs> {
  const [{ runContainers }] = await Promise.all([import('./containers-run.ts'), import('../stack/make/take-back.ts')]);
  return runContainers(context);
}

import { defineAction } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { CompareOutputs, CompareReceipt } from './compare-run.ts';

/** `release.compare`: proves that the stack is the release that was to be put back, and notes that it runs again. */
export const releaseCompare = defineAction<Record<string, never>, CompareReceipt, CompareOutputs>({
  summary:
    'Compare what runs with the release that was put back: images, counts, configuration; fail where they differ.',
  params: { type: 'object', properties: {}, additionalProperties: false },
  examples: [{ title: 'As the last step of a rollback', with: {} }],
  effect: 'convergent',
  outputs: {
    type: 'object',
    properties: {
      release: { type: 'string', description: 'The release that runs now.' },
      contents: {
        type: 'array',
        items: { type: 'string' },
        description: 'Configs, secrets and files whose content is not what it was then; they are left as they are.',
      },
      say: sayOutput,
    },
    required: ['release', 'contents', 'say'],
  },
  timeout: '2m',
  plan: async (_params, look, earlier) => (await import('./compare-run.ts')).planCompare(look, earlier),
  run: async (_params, context) => (await import('./compare-run.ts')).runCompare(context),
  undo: async (receipt, context) => (await import('./compare-run.ts')).undoCompare(receipt, context),
});

import { defineAction } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { RecordOutputs, RecordParams, RecordReceipt } from './record-run.ts';

/** `release.record`: keeps what the stack is now, so that it can be restored exactly; does nothing where nothing changed. */
export const releaseRecord = defineAction<RecordParams, RecordReceipt, RecordOutputs>({
  summary: 'Record what the stack is now as a release that a later rollback restores exactly.',
  params: {
    type: 'object',
    properties: {
      keep: {
        type: 'integer',
        minimum: 1,
        default: 5,
        description:
          'How many releases are kept; older ones go, with the tags that keep their images from being pruned.',
      },
    },
    additionalProperties: false,
  },
  examples: [{ title: 'Keep the last ten', with: { keep: 10 } }],
  effect: 'convergent',
  outputs: {
    type: 'object',
    properties: {
      release: { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'Its name, null where nothing changed.' },
      say: sayOutput,
    },
    required: ['release', 'say'],
  },
  timeout: '2m',
  plan: async (_params, _look, earlier) => (await import('./record-run.ts')).planRecord(earlier),
  run: async (params, context) => (await import('./record-run.ts')).runRecord(params, context),
  undo: async (receipt, context) => (await import('./record-run.ts')).undoRecord(receipt, context),
  settle: async (receipt, context) => (await import('./record-run.ts')).settleRecord(receipt, context),
});

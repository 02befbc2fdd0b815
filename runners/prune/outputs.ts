import type { JsonSchema } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';

/** What every step of this family gives. */
export type PruneOutputs = { removed: string[]; kept: number; freed: number; say: string };

/** What was to go, written down before anything goes: there is no way back, but a record. */
export type PruneReceipt = { removes: string[] };

export const pruneOutputs: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['removed', 'kept', 'freed', 'say'],
  properties: {
    removed: { type: 'array', description: 'What was removed, by name or ID.', items: { type: 'string' } },
    kept: { type: 'integer', description: 'How many were looked at and stay.' },
    freed: { type: 'integer', format: 'size', description: 'Bytes that this freed, as the engine counts them.' },
    say: sayOutput,
  },
};

export const olderThan = (what: string): JsonSchema => ({
  type: 'string',
  format: 'duration',
  default: '24h',
  description: `Only ${what} that are older than this: what was just made may be about to be used.`,
  examples: ['24h', '0s'],
});

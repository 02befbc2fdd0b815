import type { JsonSchema } from '../runner/schema.ts';

/** What `steps.ID` of a `for_each` gives. */
export const LOOP_OUTPUTS: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    batches: { type: 'integer', description: 'How many batches there were.' },
    given_up: { type: 'integer', description: 'How many of them failed and were taken back, as `allow` lets them.' },
  },
};

/** What `steps.ID` of a `parallel` gives: its steps have outputs of their own. */
export const NO_OUTPUTS: JsonSchema = { type: 'object', additionalProperties: false, properties: {} };

/** What the variable of a loop means: an item, or with `batch` the list of the items of one batch. */
export function variableOf(item: JsonSchema, batched: boolean): JsonSchema {
  return batched ? { type: 'array', items: item } : item;
}

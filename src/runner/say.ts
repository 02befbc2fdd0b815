import type { JsonSchema } from './schema.ts';

/** The output `say`, which every view shows of a step that is done: without it they make do with the other outputs. */
export const sayOutput: JsonSchema = { type: 'string', description: 'What was done, in a few words.' };

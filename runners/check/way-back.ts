import { defineGuard } from '../../src/runner/contract.ts';

/** Whether everything is there that putting back would need. */
export const checkWayBack = defineGuard<Record<string, never>>({
  summary: 'Everything is there that putting back what runs now would need.',
  params: { type: 'object', additionalProperties: false, properties: {} },
  examples: [{ title: 'As it is', with: {} }],
  judge: async (_params, look) => (await import('./judge-way-back.ts')).judge(look),
});

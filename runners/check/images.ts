import { defineGuard } from '../../src/runner/contract.ts';

/** Whether every image is here, or can be had. */
export const checkImages = defineGuard<Record<string, never>>({
  summary: 'Every image is here, can be built, or can be pulled.',
  params: { type: 'object', additionalProperties: false, properties: {} },
  examples: [{ title: 'As it is', with: {} }],
  judge: async (_params, look) => (await import('./judge-images.ts')).judge(look),
});

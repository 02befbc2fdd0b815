import { defineGuard } from '../../src/runner/contract.ts';

/** Whether Compose takes the files as they are. */
export const checkConfig = defineGuard<Record<string, never>>({
  summary: 'Compose accepts the files, and every variable in them is set.',
  gate: true,
  params: { type: 'object', additionalProperties: false, properties: {} },
  examples: [{ title: 'As it is', with: {} }],
  judge: async (_params, look) => (await import('./judge-config.ts')).judge(look),
});

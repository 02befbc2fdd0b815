import { defineGuard } from '../../src/runner/contract.ts';

/** Whether the host ports of what will be made are free, or ours already. */
export const checkPorts = defineGuard<Record<string, never>>({
  summary: 'The host ports of services that will be made or made anew are free, or ours already.',
  params: { type: 'object', additionalProperties: false, properties: {} },
  examples: [{ title: 'As it is', with: {} }],
  judge: async (_params, look, earlier) => (await import('./judge-ports.ts')).judge(look, earlier),
});

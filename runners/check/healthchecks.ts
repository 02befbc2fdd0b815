import { defineGuard } from '../../src/runner/contract.ts';

/** Whether every service can say that it is healthy. Warns, for a service without a healthcheck may still be a good one. */
export const checkHealthchecks = defineGuard<Record<string, never>>({
  summary: 'Every service has a healthcheck that can give its answer in time.',
  params: { type: 'object', additionalProperties: false, properties: {} },
  examples: [{ title: 'As it is', with: {} }],
  judge: async (_params, look) => (await import('./judge-healthchecks.ts')).judge(look),
});

import { defineGuard } from '../../src/runner/contract.ts';

/** Whether every service behind an edge can be switched over there. */
export const checkEdge = defineGuard<Record<string, never>>({
  summary:
    'Every service behind an edge can be let in and out there: reachable, checked, with room for new containers.',
  params: { type: 'object', additionalProperties: false, properties: {} },
  examples: [{ title: 'As it is', with: {} }],
  judge: async (_params, look, earlier) => (await import('./judge-edge.ts')).judge(look, earlier),
});

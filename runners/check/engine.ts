import { defineGuard } from '../../src/runner/contract.ts';
import type { OldestVersions } from './judge-engine.ts';

/** Whether the engine answers, and engine and Compose are new enough. */
export const checkEngine = defineGuard<OldestVersions>({
  summary: 'The engine answers, and engine and Compose are new enough.',
  gate: true,
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      engine: {
        type: 'string',
        pattern: versionPattern(),
        default: '25.0',
        description: 'The oldest engine that will do.',
      },
      compose: {
        type: 'string',
        pattern: versionPattern(),
        default: '2.26',
        description: 'The oldest Compose that will do.',
      },
    },
  },
  examples: [{ title: 'A newer Compose is needed', with: { compose: '2.30' } }],
  judge: async (params, look) => (await import('./judge-engine.ts')).judge(params, look),
});

function versionPattern(): string {
  return '^[0-9]+(\\.[0-9]+)*$';
}

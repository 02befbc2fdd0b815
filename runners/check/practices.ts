import { defineGuard } from '../../src/runner/contract.ts';
import type { PracticesParams } from './decide-practices.ts';

/** Their names, here because the schema needs them; what is said of each is read only when it is said. */
const PRACTICE_IDS = [
  'capability-too-broad',
  'confinement-off',
  'container-name-fixed',
  'database-open-to-world',
  'dependency-not-healthy',
  'docker-socket-mounted',
  'healthcheck-missing',
  'host-namespace-shared',
  'host-root-mounted',
  'image-latest',
  'image-moving-tag',
  'log-unbounded',
  'memory-unlimited',
  'port-open-to-world',
  'privileged',
  'restart-missing',
  'secret-in-environment',
  'start-first-impossible',
  'start-interval-without-start-period',
  'volume-anonymous',
] as const;

export type PracticeId = (typeof PRACTICE_IDS)[number];

/** What makes a stack survive crashes, full disks and strangers, as a guard that can enforce it. */
export const checkPractices = defineGuard<PracticesParams>({
  summary: 'The Compose files follow the practices for healthchecks, versions, limits, ports and secrets.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      level: {
        enum: ['error', 'warning', 'notice'],
        default: 'error',
        description: 'The least bad level that is a no-go; what is less bad is a warning.',
      },
      services: {
        type: 'array',
        items: { type: 'string', format: 'service' },
        default: [],
        description: 'Only these services; empty: all that are active.',
      },
      ignore: {
        type: 'array',
        default: [],
        description: 'Practices that are set aside, each with the reason. One that finds nothing is said.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['practice', 'because'],
          properties: {
            practice: {
              enum: [...PRACTICE_IDS],
              description: 'Its name; `playbook explain NAME` says what it is about.',
            },
            services: {
              type: 'array',
              items: { type: 'string', format: 'service' },
              description: 'Only of these services; left out: of all.',
            },
            because: { type: 'string', minLength: 1, description: 'Why it does not matter here.' },
          },
        },
      },
    },
  },
  examples: [
    { title: 'Nothing that opens the machine', with: {} },
    {
      title: 'Everything but one thing with a reason',
      with: {
        level: 'warning',
        ignore: [{ practice: 'docker-socket-mounted', services: ['proxy'], because: 'It finds its services by it.' }],
      },
    },
  ],
  judge: async (params, look) => (await import('./judge-practices.ts')).judge(params, look),
});

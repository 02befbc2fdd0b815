import { defineAction, type JsonSchema } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { VolumeInventory } from './inventory.ts';

const bytes = (description: string): JsonSchema => ({ type: 'integer', format: 'size', description });
const texts = (description: string): JsonSchema => ({ type: 'array', description, items: { type: 'string' } });

/** `docker.volumes`: every volume of the engine, with its size and who uses it. */
export const volumes = defineAction<Record<string, never>, null, VolumeInventory>({
  summary: 'List every volume with its size and the containers that use it; those that none uses are named.',
  params: { type: 'object', additionalProperties: false, properties: {} },
  examples: [{ title: 'All volumes', with: {} }],
  effect: 'pure',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['volumes', 'orphaned', 'bytes', 'say'],
    properties: {
      volumes: {
        type: 'array',
        description: 'The largest first.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['name', 'users', 'orphaned'],
          properties: {
            name: { type: 'string', description: 'Its name.' },
            size: bytes('What it holds; left out where the engine could not tell.'),
            project: { type: 'string', description: 'The Compose project that made it.' },
            users: texts('Containers that use it, also stopped ones.'),
            orphaned: { type: 'boolean', description: 'Whether no container uses it.' },
          },
        },
      },
      orphaned: texts('Names of those that no container uses.'),
      bytes: bytes('What all volumes take, as far as it is known.'),
      say: sayOutput,
    },
  },
  timeout: '5m',
  plan: async (_params, look) => {
    const [{ wholeEngine }, { orphansInPlan }] = await Promise.all([
      import('../stack/whole-engine.ts'),
      import('./inventory.ts'),
    ]);
    return orphansInPlan(await wholeEngine(look, { sizes: true }));
  },
  async run(_params, { look }) {
    const [{ wholeEngine }, { volumeInventory }] = await Promise.all([
      import('../stack/whole-engine.ts'),
      import('./inventory.ts'),
    ]);
    return volumeInventory(await wholeEngine(look, { sizes: true }));
  },
  undo: { unneeded: 'it only looks' },
});

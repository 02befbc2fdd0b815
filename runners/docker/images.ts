import { defineAction, type JsonSchema } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { ImageInventory } from './inventory.ts';

const bytes = (description: string): JsonSchema => ({ type: 'integer', format: 'size', description });
const texts = (description: string): JsonSchema => ({ type: 'array', description, items: { type: 'string' } });

/** `docker.images`: every image of the engine, with its size and who needs it. */
export const images = defineAction<Record<string, never>, null, ImageInventory>({
  summary: 'List every image with its size, the containers that use it, and the releases it is kept for.',
  params: { type: 'object', additionalProperties: false, properties: {} },
  examples: [{ title: 'All images', with: {} }],
  effect: 'pure',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['images', 'dangling', 'unused', 'bytes', 'say'],
    properties: {
      images: {
        type: 'array',
        description: 'The largest first.',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['id', 'names', 'size', 'used_by', 'kept_for'],
          properties: {
            id: { type: 'string', description: 'Its ID.' },
            names: texts('Its tags, else its digests.'),
            size: bytes('All of its layers.'),
            shared: bytes('What of it other images have as well; left out where the engine did not say.'),
            used_by: texts('Containers that use it, also stopped ones.'),
            kept_for: texts('Releases that it is kept for: `shop r12`.'),
          },
        },
      },
      dangling: { type: 'integer', description: 'How many have no name and are needed by nothing.' },
      unused: { type: 'integer', description: 'How many are needed by nothing, the dangling ones included.' },
      bytes: bytes('What all images take.'),
      say: sayOutput,
    },
  },
  timeout: '5m',
  plan: async () => [],
  async run(_params, { look }) {
    const [{ wholeEngine }, { imageInventory }] = await Promise.all([
      import('../stack/whole-engine.ts'),
      import('./inventory.ts'),
    ]);
    return imageInventory(await wholeEngine(look, { sizes: true }));
  },
  undo: { unneeded: 'it only looks' },
});

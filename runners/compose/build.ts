import { defineAction } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { MovedName } from '../stack/moved-name.ts';
import type { BuildOutputs } from './build-run.ts';

type Params = Record<string, never>;

/**
 * `compose.build`: builds every service that has a `build` section under a private name; the name in use moves only where
 * the image came out different, and only when all builds are there.
 */
export const composeBuild = defineAction<Params, MovedName, BuildOutputs>({
  summary: 'Build the images of services with a build section; nothing changes where the same images come out.',
  params: { type: 'object', properties: {}, additionalProperties: false },
  examples: [{ title: 'Build what is built from source', with: {} }],
  effect: 'convergent',
  outputs: {
    type: 'object',
    properties: {
      built: { type: 'array', items: { type: 'string' }, description: 'Names of the images that came out different.' },
      say: sayOutput,
    },
    required: ['built', 'say'],
  },
  timeout: '30m',
  plan: async (_params, look) => (await import('./build-run.ts')).planBuild(look),
  run: async (_params, context) => (await import('./build-run.ts')).runBuild(context),
  undo: async (receipt, context) => (await import('../stack/moved-name.ts')).moveNameBack(receipt, context),
  settle: async (receipt, context) => (await import('../stack/moved-name.ts')).forgetFormerImage(receipt, context),
});

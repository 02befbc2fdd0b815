import { defineAction, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { MovedName } from '../stack/moved-name.ts';
import type { ImagesOutputs } from './images-run.ts';

/** `release.images`: lets every image name mean what it meant in the release, whoever pushed or pulled it since. */
export const releaseImages = defineAction<Record<string, never>, MovedName, ImagesOutputs>({
  summary: 'Let each image name mean the image that it meant in the release which is put back.',
  params: { type: 'object', properties: {}, additionalProperties: false },
  examples: [{ title: 'Before the containers of a release are put back', with: {} }],
  effect: 'convergent',
  outputs: {
    type: 'object',
    properties: {
      moved: { type: 'array', items: { type: 'string' }, description: 'The names that meant another image.' },
      say: sayOutput,
    },
    required: ['moved', 'say'],
  },
  timeout: '2m',
  plan: async (_params, look) => (await import('./images-run.ts')).planImages(look),
  run: loadAndRun,
  undo: async (receipt, context) => (await import('../stack/moved-name.ts')).moveNameBack(receipt, context),
});

async function loadAndRun(_params: Record<string, never>, context: RunContext<MovedName>): Promise<ImagesOutputs> {
  return (await import('./images-run.ts')).runImages(context);
}

import { defineGuard } from '../../src/runner/contract.ts';
import type { ReleaseParams } from './judge-release.ts';

/** Whether the release that is to be put back can be, and what of it cannot. */
export const checkRelease = defineGuard<ReleaseParams>({
  summary: 'The release to go back to is whole: its images are here, and what it cannot take back is consented to.',
  gate: true,
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      data: {
        enum: ['ask', 'stays'],
        default: 'ask',
        description:
          'What newer releases did that no rollback takes back (a migration): `ask` names it and says no-go; `stays` is the word of consent that the data stays as it is.',
      },
    },
  },
  examples: [
    { title: 'As it is', with: {} },
    { title: 'Go back although a migration has run since', with: { data: 'stays' } },
  ],
  judge: async (params, look) => (await import('./judge-release.ts')).judge(params, look),
});

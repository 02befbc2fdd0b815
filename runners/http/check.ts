import { defineAction } from '../../src/runner/contract.ts';
import type { HttpCheckParams } from './check-run.ts';
import type { HttpResult } from './decide.ts';
import { checkOutputs, checkParams } from './schema.ts';

/** Asks an address and looks at the answers: the smoke test of a deploy. */
export const httpCheck = defineAction<HttpCheckParams, null, HttpResult>({
  summary: 'Ask an address over HTTP and look at its answers.',
  params: checkParams,
  examples: [
    { title: 'It must answer 2xx', with: { url: 'http://127.0.0.1:8080/' } },
    {
      title: 'Five times, with the right version in the answer',
      with: { url: 'http://127.0.0.1:8080/version', samples: 5, json: { '/version': '1.5.0' }, faster_than: '500ms' },
    },
    {
      title: 'With a token, one bad answer allowed',
      with: {
        url: 'https://shop.example/healthz',
        headers: { Authorization: { secret: 'token' } },
        samples: 10,
        at_least: 9,
      },
    },
  ],
  effect: 'pure',
  outputs: checkOutputs,
  timeout: '2m',
  plan: async () => [],
  run: async (params, context) => (await import('./check-run.ts')).runCheck(params, context),
  undo: { unneeded: 'it only asks' },
});

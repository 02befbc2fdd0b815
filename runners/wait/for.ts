import { defineAction } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { ForOutputs, ForParams } from './for-run.ts';

/** Waits until something outside the stack is there; the step's timeout says how long at most. */
export const waitFor = defineAction<ForParams, null, ForOutputs>({
  summary: 'Wait until a port accepts connections, an address answers 2xx, or a file exists.',
  params: {
    type: 'object',
    additionalProperties: false,
    oneOf: [{ required: ['tcp'] }, { required: ['url'] }, { required: ['path'] }],
    properties: {
      tcp: {
        type: 'string',
        pattern: '^(\\[[0-9a-fA-F:.]+\\]|[^\\s:\\[\\]]+):[0-9]{1,5}$',
        'x-untainted': true,
        description: 'HOST:PORT that must accept a connection.',
        examples: ['127.0.0.1:5432', '[::1]:8080'],
      },
      url: { type: 'string', format: 'url', 'x-untainted': true, description: 'Address that must answer with a 2xx.' },
      path: {
        type: 'string',
        format: 'path',
        'x-untainted': true,
        description: "File or folder that must exist; a relative path counts from the stack's folder.",
      },
      every: { type: 'string', format: 'duration', default: '500ms', description: 'The pause between two tries.' },
    },
  },
  examples: [
    { title: 'A database outside the stack', with: { tcp: 'db.internal:5432' } },
    { title: 'An address', with: { url: 'http://127.0.0.1:8080/healthz', every: '1s' } },
    { title: 'A file that another program writes', with: { path: 'run/ready' } },
  ],
  effect: 'pure',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['waited_ms', 'say'],
    properties: {
      waited_ms: { type: 'integer', description: 'How long it took, in milliseconds.' },
      say: sayOutput,
    },
  },
  timeout: '2m',
  plan: async () => [],
  run: async (params, context) => (await import('./for-run.ts')).runFor(params, context),
  undo: { unneeded: 'it only looks' },
});

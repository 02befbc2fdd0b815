import { type Change, type Context, defineAction } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import { sayDuration } from '../stack/words.ts';

type Params = { for: number };
type Outputs = { soaked_ms: number; say: string };

/** Lets time pass while the way back is still open; the playbook's triggers watch meanwhile. */
export const waitSoak = defineAction<Params, null, Outputs>({
  summary: 'Watch for a while before the way back is given up; ends at once where nothing was changed.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['for'],
    properties: {
      for: { type: 'string', format: 'duration', description: 'How long.', examples: ['5m'] },
    },
  },
  examples: [{ title: 'Five minutes', with: { for: '5m' } }],
  effect: 'pure',
  outputs: {
    type: 'object',
    additionalProperties: false,
    required: ['soaked_ms', 'say'],
    properties: {
      soaked_ms: { type: 'integer', description: 'How long it watched; 0 where nothing was changed.' },
      say: sayOutput,
    },
  },
  timeout: '24h',
  plan: async (params) => planned(params.for),
  run,
  undo: { unneeded: 'it only waits' },
});

function planned(ms: number): Change[] {
  if (ms === 0) return [];
  return [
    {
      verb: 'wait',
      target: 'the stack',
      because: [`it is watched for ${sayDuration(ms)}`],
      certainty: 'certain',
      takes: ms,
    },
  ];
}

async function run(params: Params, context: Context): Promise<Outputs> {
  if (!context.changed) return { soaked_ms: 0, say: 'nothing was changed, so there is nothing to wait for' };
  if (params.for === 0) return { soaked_ms: 0, say: 'no wait was asked for' };
  const { clock, signal } = context;
  const started = clock.now();
  for (;;) {
    const left = started + params.for - clock.now();
    if (left <= 0) return { soaked_ms: clock.now() - started, say: `waited for ${sayDuration(params.for)}` };
    const done = params.for - left;
    context.progress({ say: `watching, ${sayDuration(Math.ceil(left / 1000) * 1000)} left`, done, total: params.for });
    await clock.sleep(Math.min(left, 1000), signal);
  }
}

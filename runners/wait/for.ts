import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepFailure } from '../../src/errors.ts';
import { type Context, defineAction } from '../../src/runner/contract.ts';
import { httpRequest } from '../clients/http.ts';
import { tcpRefusal } from '../clients/tcp.ts';
import { parseHostPort } from './host-port.ts';

/** Exactly one of the first three. */
type Params = { tcp?: string; url?: string; path?: string; every: number };
type Outputs = { waited_ms: number };

/** How long one try may take. */
const perTry = 5_000;

/** Waits until something outside the stack is there; the step's timeout says how long at most. */
export const waitFor = defineAction<Params, null, Outputs>({
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
    required: ['waited_ms'],
    properties: { waited_ms: { type: 'integer', description: 'How long it took, in milliseconds.' } },
  },
  timeout: '2m',
  plan: async () => [],
  run,
  undo: { unneeded: 'it only looks' },
});

async function run(params: Params, context: Context): Promise<Outputs> {
  const { clock, signal } = context;
  const started = clock.now();
  let missing: string | undefined;
  try {
    for (;;) {
      missing = await missingNow(params, context);
      if (missing === undefined) return { waited_ms: clock.now() - started };
      context.progress({ say: missing });
      await clock.sleep(params.every, signal);
    }
  } catch (thrown) {
    if (!signal.aborted || missing === undefined) throw thrown;
    throw new StepFailure(missing, { class: 'timeout', cause: thrown });
  }
}

/** What is still missing, as one clause; undefined when it is there. */
async function missingNow(params: Params, context: Context): Promise<string | undefined> {
  if (params.tcp !== undefined) return missingPort(params.tcp, context.signal);
  if (params.url !== undefined) return missingAnswer(params.url, context.signal);
  const path = params.path ?? '';
  const found = await stat(resolve(context.look.target.directory, path)).catch(() => undefined);
  return found ? undefined : `${path} does not exist yet`;
}

async function missingPort(address: string, signal: AbortSignal): Promise<string | undefined> {
  const { host, port } = parseHostPort(address);
  const refusal = await tcpRefusal(host, port, { timeout: perTry, signal });
  return refusal && `${address} accepts no connection yet: ${refusal}`;
}

async function missingAnswer(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { status } = await httpRequest({ url, timeout: perTry, signal, redirects: 'refuse' });
    if (status >= 200 && status < 300) return undefined;
    return `${withoutQuery(url)} answers ${status}, not 2xx`;
  } catch (thrown) {
    if (!(thrown instanceof StepFailure) || signal.aborted) throw thrown;
    return thrown.message;
  }
}

/** Query and password may hold a secret. */
function withoutQuery(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

import type { IncomingMessage, RequestOptions } from 'node:http';
import { Refusal, StepFailure } from '../../../src/errors.ts';

/** Caddy's admin API: a unix socket (absolute path), or `host:port`, or `http://host:port`. */
export type CaddyApi = {
  /** The value at the path, with what it is called in `If-Match`; undefined where there is none. */
  get(path: string): Promise<{ value: unknown; etag: string } | undefined>;
  /** Replaces the value at the path; false where it is no longer what `etag` says. */
  patch(path: string, value: unknown, etag: string): Promise<boolean>;
};

type Answer = { status: number; text: string; etag: string };

export function caddyApi(control: string, signal: AbortSignal): CaddyApi {
  return {
    async get(path) {
      const answer = await call(control, { method: 'GET', path, signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new Refusal('unavailable', `Caddy's admin API at ${control} does not answer: ${reason(error)}.`, {
          hint: 'Is the proxy running, and is this where its "admin" listens?',
          cause: error,
        });
      });
      if (answer.status === 400 || answer.status === 404) return undefined;
      if (answer.status !== 200) throw new Refusal('unavailable', `${refused(control, answer)}.`);
      return { value: parsed(answer.text, control), etag: answer.etag };
    },
    async patch(path, value, etag) {
      const request = { method: 'PATCH', path, signal };
      const answer = await call(control, request, JSON.stringify(value), etag).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new StepFailure(`Caddy's admin API at ${control} broke off: ${reason(error)}`, {
          class: 'transient',
          cause: error,
        });
      });
      if (answer.status === 412) return false;
      if (answer.status !== 200) throw new StepFailure(refused(control, answer), { class: 'conflict' });
      return true;
    },
  };
}

async function call(control: string, options: RequestOptions, body?: string, etag?: string): Promise<Answer> {
  const { request } = await import('node:http');
  const sent =
    body === undefined ? [] : ['Content-Type', 'application/json', 'Content-Length', `${Buffer.byteLength(body)}`];
  const address = addressOf(control);
  // A pair list: Caddy wants an empty Host on its socket, and an object's empty Host is left out by Node.
  const headers = ['Host', address.host, 'Connection', 'close', ...sent, ...(etag ? ['If-Match', etag] : [])];
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = request({ ...options, ...address.to, setHost: false, headers, timeout: 10_000 }, resolve);
    asking.once('timeout', () => asking.destroy(new Error('no answer within 10 s')));
    asking.once('error', reject);
    asking.end(body);
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > LARGEST_ANSWER) throw new Error('its answer has no end');
  }
  const { etag: name = '' } = { ...response.headers, ...response.trailers };
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), etag: name };
}

/** In bytes; the whole configuration of a large edge has less. */
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** Whatever listens there may be no Caddy. */
function parsed(text: string, control: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refusal('unavailable', `What answers at ${control} is no admin API of Caddy: its answer is no JSON.`, {
      hint: 'Is the proxy running, and is this where its "admin" listens?',
      cause,
    });
  }
}

function addressOf(control: string): { host: string; to: RequestOptions } {
  const path = control.replace(/^unix:(\/\/)?/, '');
  if (path.startsWith('/')) return { host: '', to: { socketPath: path } };
  const url = new URL(control.includes('://') ? control : `http://${control}`);
  return { host: url.host, to: { host: url.hostname, port: url.port || 2019 } };
}

function refused(control: string, { status, text }: Answer): string {
  return `Caddy's admin API at ${control} answered ${status}: ${saying(text)}`;
}

function saying(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text.trim();
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = { ECONNREFUSED: 'connection refused', ENOENT: 'there is no such socket' };
  return known[code ?? ''] ?? message;
}

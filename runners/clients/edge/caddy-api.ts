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
      return { value: JSON.parse(answer.text) as unknown, etag: answer.etag };
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
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { etag: name = '' } = { ...response.headers, ...response.trailers };
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), etag: name };
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

import { StepFailure } from '../../src/errors.ts';

export type HttpRequest = {
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Milliseconds for the whole answer, body included. */
  timeout: number;
  signal: AbortSignal;
  /** Bytes of the body that are read; the rest is dropped. Default 1 MiB. */
  maxBody?: number;
  redirects?: 'follow' | 'refuse';
};

export type HttpAnswer = {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** True where the body was longer than `maxBody`. */
  cut: boolean;
  /** Milliseconds until the headers, and until the end. */
  first_byte_ms: number;
  total_ms: number;
};

/** One request. Any status is an answer; a connection that fails is a StepFailure of class transient, one too slow of class timeout. */
export async function httpRequest(request: HttpRequest): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(request.timeout);
  const started = performance.now();
  try {
    const response = await send(request, AbortSignal.any([request.signal, timeout]));
    const firstByte = performance.now();
    const { body, cut } = await readBody(response, request.maxBody ?? 1024 * 1024);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body,
      cut,
      first_byte_ms: Math.round(firstByte - started),
      total_ms: Math.round(performance.now() - started),
    };
  } catch (error) {
    request.signal.throwIfAborted();
    if (timeout.aborted) throw tooSlow(request, error);
    throw noAnswer(request, error);
  }
}

/**
 * Redirects are followed here and not by `fetch`: that one sends headers such as `X-Api-Key` on to whichever host the answer
 * names. Another host gets none of them, and no body either.
 */
async function send(request: HttpRequest, signal: AbortSignal): Promise<Response> {
  let { url, body, headers = {} } = request;
  let method = request.method ?? 'GET';
  for (let redirects = 0; ; redirects += 1) {
    // A new connection each time: what is asked is whether the service accepts one.
    const how = { method, headers: { connection: 'close', ...headers }, redirect: 'manual' as const, signal };
    const response = await fetch(url, body === undefined ? how : { ...how, body });
    const next = request.redirects === 'follow' ? redirectOf(response, url) : undefined;
    if (next === undefined) return response;
    await response.body?.cancel();
    if (redirects === MOST_REDIRECTS) throw new Error(`more than ${MOST_REDIRECTS} redirects`);
    const isElsewhere = next.origin !== new URL(url).origin;
    if (isElsewhere) headers = {};
    // As browsers do: only 307 and 308 send a body again.
    const repeats = response.status === 307 || response.status === 308;
    if (isElsewhere || !repeats) body = undefined;
    if (method !== 'HEAD' && !repeats) method = 'GET';
    url = next.href;
  }
}

const MOST_REDIRECTS = 10;

function redirectOf({ status, headers }: Response, from: string): URL | undefined {
  const location = headers.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || location === null || !URL.canParse(location, from))
    return undefined;
  const next = new URL(location, from);
  return /^https?:$/.test(next.protocol) ? next : undefined;
}

async function readBody(response: Response, limit: number): Promise<{ body: string; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, limit).toString('utf8'), cut: length > limit };
}

function tooSlow(request: HttpRequest, cause: unknown): StepFailure {
  const message = `${name(request)} gave no whole answer within ${request.timeout} ms`;
  return new StepFailure(message, { class: 'timeout', cause });
}

function noAnswer(request: HttpRequest, error: unknown): StepFailure {
  return new StepFailure(`${name(request)} failed: ${why(error)}`, { class: 'transient', cause: error });
}

/** Without query and password: either may hold a secret. */
function name(request: HttpRequest): string {
  const method = request.method ?? 'GET';
  if (!URL.canParse(request.url)) return `${method} (not an address)`;
  const { protocol, host, pathname } = new URL(request.url);
  return `${method} ${protocol}//${host}${pathname}`;
}

function why(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const known: Record<string, string> = {
    ECONNREFUSED: 'connection refused',
    ECONNRESET: 'the connection was reset',
    UND_ERR_SOCKET: 'the connection was closed before the answer ended',
    ENOTFOUND: 'there is no host of that name',
    EHOSTUNREACH: 'the host cannot be reached',
    ERR_SSL_WRONG_VERSION_NUMBER: 'the server does not speak TLS there',
    CERT_HAS_EXPIRED: 'the certificate has expired',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself',
  };
  // What `fetch` says of an address with a user and a password in it repeats the address.
  const said = known[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return said.replace(/\w+:\/\/\S*@\S*/g, 'the address');
}

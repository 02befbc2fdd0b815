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
    const response = await fetch(request.url, {
      method: request.method ?? 'GET',
      // A new connection each time: what is asked is whether the service accepts one.
      headers: { connection: 'close', ...request.headers },
      redirect: request.redirects === 'follow' ? 'follow' : 'manual',
      signal: AbortSignal.any([request.signal, timeout]),
      ...(request.body !== undefined && { body: request.body }),
    });
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
  return known[code] ?? (cause instanceof Error ? cause.message : String(cause));
}

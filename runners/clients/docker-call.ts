import type Modem from 'docker-modem';
import { type FailureClass, Refusal, StepFailure } from '../../src/errors.ts';
import type { Clock } from '../../src/runner/contract.ts';

export type Query = Record<string, string | number | boolean | undefined>;

export type Call = {
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE';
  path: string;
  query?: Query;
  body?: Record<string, unknown>;
  /** Milliseconds; the engine answers most calls within a few. */
  timeout?: number;
  /** The value of the X-Registry-Auth header. */
  registryAuth?: string;
};

/** One engine, as the calls need it. */
export type Connection = {
  modem: Modem;
  /** As a person would write it: `unix:///var/run/docker.sock`. */
  address: string;
  clock: Clock;
};

/** An answer of the engine that is no success, with its own words. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Asks and gives back the parsed answer; `undefined` for 404. Tried again where the connection broke or the engine failed, as a read may be. */
export async function read(connection: Connection, call: Call, signal: AbortSignal): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(connection, call, signal);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      signal.throwIfAborted();
      if (attempt === 3 || !mayPass(error)) throw readFailure(connection, error);
      await connection.clock.sleep(attempt * 100, signal);
    }
  }
}

/** Sends once: a change that may have happened is not sent again. An EngineError is for the caller to judge. */
export async function change(connection: Connection, call: Call, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  try {
    return await send(connection, call, signal);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    signal.throwIfAborted();
    const refusal = unreachable(connection, error);
    throw new StepFailure(refusal.message, {
      class: 'unavailable',
      cause: error,
      ...(refusal.hint && { hint: refusal.hint }),
    });
  }
}

/** The body as it comes. Ends with the signal, or where the engine closes it. */
export async function openStream(
  connection: Connection,
  call: Call,
  signal: AbortSignal,
): Promise<NodeJS.ReadableStream> {
  try {
    return (await dial(connection, call, signal, true)) as NodeJS.ReadableStream;
  } catch (error) {
    if (error instanceof EngineError) throw engineFailure(error);
    signal.throwIfAborted();
    throw unreachable(connection, error);
  }
}

/** The engine's "no" as a failure of the step; the class is what `retry.if` can ask for. */
export function engineFailure(error: EngineError): StepFailure {
  return new StepFailure(`The Docker Engine says: ${error.message}.`, { class: classOf(error), cause: error });
}

function classOf(error: EngineError): FailureClass {
  if (/port is already allocated|address already in use/i.test(error.message)) return 'conflict';
  if (error.status === 404) return 'not-found';
  if (error.status === 409) return 'conflict';
  if (error.status === 401 || error.status === 403) return 'auth';
  return error.status >= 502 && error.status <= 504 ? 'transient' : 'exit';
}

async function send(connection: Connection, call: Call, signal: AbortSignal): Promise<unknown> {
  const milliseconds = call.timeout ?? 30_000;
  const timeout = AbortSignal.timeout(milliseconds);
  try {
    return await dial(connection, call, AbortSignal.any([signal, timeout]), false);
  } catch (error) {
    if (!timeout.aborted || signal.aborted || error instanceof EngineError) throw error;
    throw new Error(`no answer to ${call.method} ${call.path} within ${milliseconds / 1000} s`, { cause: error });
  }
}

function dial(connection: Connection, call: Call, signal: AbortSignal, stream: boolean): Promise<unknown> {
  const options = {
    path: `${call.path}?`,
    method: call.method,
    options: { _query: defined(call.query ?? {}), _body: call.body ?? {} },
    abortSignal: signal,
    isStream: stream,
    statusCodes: { 200: true, 201: true, 202: true, 204: true, 304: true },
    ...(call.registryAuth !== undefined && { authconfig: { base64: call.registryAuth } }),
  };
  return new Promise((resolve, reject) => {
    connection.modem.dial(options, (error: unknown, result: unknown) => {
      if (error) reject(asEngineError(error));
      else resolve(result);
    });
  });
}

function defined(query: Query): Query {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

function asEngineError(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return error;
  const json = 'json' in error ? error.json : undefined;
  const said = typeof json === 'object' && json !== null && 'message' in json ? String(json.message) : error.message;
  const message = said.replace(/^Error response from daemon: /, '').trim();
  return new EngineError(error.statusCode, message.replace(/\.$/, ''));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether the same read may be answered in a moment. */
function mayPass(error: unknown): boolean {
  if (error instanceof EngineError) return error.status >= 500;
  return ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTCONN', 'EAGAIN'].includes(codeOf(error));
}

function readFailure(connection: Connection, error: unknown): StepFailure | Refusal {
  return error instanceof EngineError ? engineFailure(error) : unreachable(connection, error);
}

function unreachable(connection: Connection, error: unknown): Refusal {
  const message = `The Docker Engine at ${connection.address} cannot be reached: ${whyUnreachable(error)}.`;
  return new Refusal('unavailable', message, { cause: error, hint: hintFor(codeOf(error)) });
}

function whyUnreachable(error: unknown): string {
  const known: Record<string, string> = {
    ENOENT: 'there is no such socket',
    ECONNREFUSED: 'nobody answers there',
    EACCES: 'permission denied',
    ECONNRESET: 'the connection broke',
    EPIPE: 'the connection broke',
    ENOTFOUND: 'there is no host of that name',
    EHOSTUNREACH: 'the host cannot be reached',
    ETIMEDOUT: 'it does not answer in time',
  };
  return known[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

function hintFor(code: string): string {
  if (code === 'EACCES') return 'Run as root, or as a member of the group that owns the socket.';
  return 'Is the engine running? `docker info` asks the same one; DOCKER_HOST and `--context` choose another.';
}

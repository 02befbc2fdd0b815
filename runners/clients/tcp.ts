import { connect } from 'node:net';

/** Whether something accepts a connection there; the reason where not. Rejects only when the signal is aborted. */
export async function tcpRefusal(
  host: string,
  port: number,
  options: { timeout: number; signal: AbortSignal },
): Promise<string | undefined> {
  options.signal.throwIfAborted();
  const refusal = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host, port, timeout: options.timeout, signal: options.signal });
    const end = (reason?: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(`no answer within ${options.timeout} ms`));
    socket.once('error', (error: NodeJS.ErrnoException) => end(reasons[error.code ?? ''] ?? error.message));
  });
  options.signal.throwIfAborted();
  return refusal;
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'there is no host of that name',
  EHOSTUNREACH: 'the host cannot be reached',
  ECONNRESET: 'the connection was reset',
};

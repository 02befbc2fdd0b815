import { connect, type NetConnectOpts } from 'node:net';
import { Refusal, StepFailure } from '../../../src/errors.ts';
import type { Look } from '../../../src/runner/contract.ts';

/** One command to HAProxy's runtime socket, one connection; gives its answer. Out of reach is a Refusal('unavailable'). */
export type Ask = (command: string) => Promise<string>;

/** `control`: a unix socket (absolute path) or `host:port`. */
export function socketOf(control: string, signal: AbortSignal): Ask {
  return async (command) => {
    signal.throwIfAborted();
    const answer = await exchange(control, command, signal).catch((error: NodeJS.ErrnoException) => {
      signal.throwIfAborted();
      throw outOfReach(control, error);
    });
    if (/^\s*Permission denied/.test(answer)) {
      throw new StepFailure(`HAProxy at ${control} does not let itself be steered: permission denied.`, {
        class: 'auth',
        hint: 'Give the socket `level admin` in the section `global`.',
      });
    }
    return answer.trim();
  };
}

/** For changes: an edge that is just being restarted gets `within` milliseconds to answer again; a command that went out is never repeated. */
export function patient(ask: Ask, look: Pick<Look, 'clock' | 'signal'>, within: number): Ask {
  return async (command) => {
    const end = look.clock.now() + within;
    for (;;) {
      const answer = await ask(command).catch((error: unknown) => {
        if (!(error instanceof Refusal) || !notConnected(error.cause) || look.clock.now() > end) throw error;
        return undefined;
      });
      if (answer !== undefined) return answer;
      await look.clock.sleep(100, look.signal);
    }
  };
}

function notConnected(cause: unknown): boolean {
  return ['ECONNREFUSED', 'ENOENT'].includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
}

function exchange(control: string, command: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...addressOf(control), signal } as NetConnectOpts);
    let answer = '';
    socket.setEncoding('utf8').setTimeout(3000);
    socket.once('timeout', () => socket.destroy(new Error('no answer within 3 s')));
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > LONGEST_ANSWER) socket.destroy(new Error('its answer has no end'));
    });
    socket.once('error', reject);
    socket.once('end', () => resolve(answer));
    socket.once('close', () => reject(new Error('it closed the connection without an answer')));
    socket.write(`${command}\n`);
  });
}

/** In letters; the servers of a large edge have some hundred thousand. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

function addressOf(control: string): { path: string } | { host: string; port: number } {
  if (control.startsWith('/')) return { path: control };
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(control) ?? [];
  return { host, port: Number(port) };
}

function outOfReach(control: string, error: NodeJS.ErrnoException): Refusal {
  const why = reasons[error.code ?? ''] ?? error.message;
  const hint = control.startsWith('/')
    ? 'Does the edge run, and is the folder of its `stats socket` mounted where `control` of x-playbook.edge says?'
    : 'Does the edge run, and has it a `stats socket` at that address?';
  return new Refusal('unavailable', `HAProxy cannot be reached at ${control}: ${why}.`, { hint, cause: error });
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  EACCES: 'its permissions do not let this user in',
  ENOTFOUND: 'there is no host of that name',
  ENOTSOCK: 'it is no socket',
  ECONNRESET: 'the connection was reset',
  EINVAL: 'the path is too long for a socket (107 characters at most)',
};

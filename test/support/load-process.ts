import { Agent, request } from 'node:http';
import { LoadCount } from './load-count.ts';

/** The process behind load.ts: an open loop, told by messages when to start, to report and to stop. */
type Question =
  | { id: number; ask: 'start'; url: string; rate: number; timeout: number }
  | { id: number; ask: 'so-far' }
  | { id: number; ask: 'stop' };

const count = new LoadCount();
// First in, first out: every connection is used again, none stays idle for long.
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, scheduling: 'fifo' });
let timer: NodeJS.Timeout | undefined;

process.on('message', (question: Question) => void answer(question));
process.on('disconnect', () => process.exit());

async function answer(question: Question): Promise<void> {
  if (question.ask === 'start') start(question);
  if (question.ask === 'stop') await stop();
  process.send?.({ id: question.id, result: count.result(now()) });
}

function start({ url, rate, timeout }: Question & { ask: 'start' }): void {
  const from = performance.now();
  let begun = 0;
  count.begin(now());
  timer = setInterval(() => {
    const due = Math.floor(((performance.now() - from) * rate) / 1000);
    for (; begun < due; begun += 1) send(url, begun % 2 === 0 ? 'GET' : 'POST', begun, timeout);
  }, 2);
}

async function stop(): Promise<void> {
  clearInterval(timer);
  count.close(now());
  await count.settled();
}

function send(url: string, method: 'GET' | 'POST', number: number, timeout: number): void {
  const body = method === 'POST' ? `request ${number}` : '';
  const headers = { 'content-type': 'text/plain', 'content-length': body.length };
  const sentAt = now();
  let over = false;
  count.sent();
  const fail = (why: string): void => {
    if (!over) count.failed(`${method} ${why}`);
    over = true;
    clearTimeout(deadline);
  };
  const sending = request(url, { method, agent, headers: method === 'POST' ? headers : {} }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const [version = '', ...rest] = text.split('\n');
      if (response.statusCode !== 200) return fail(String(response.statusCode));
      if (method === 'POST' && rest.join('\n') !== body) return fail('wrong body');
      if (!over) count.answered(version, sentAt, now());
      over = true;
      clearTimeout(deadline);
    });
  });
  const deadline = setTimeout(() => {
    fail('timeout');
    sending.destroy();
  }, timeout);
  sending.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  sending.end(body);
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { node24 } from './run-playbook.ts';

/** What became of the load. Times are milliseconds since the epoch; a failure is all but a 200 with the expected body. */
export type LoadResult = {
  sent: number;
  ok: number;
  failed: number;
  /** How often each kind happened: `POST ECONNRESET`, `GET 503`, `GET timeout`, `POST wrong body`. */
  failures: Record<string, number>;
  /** By the first line of the answer. */
  versions: Record<string, { count: number; first: number; last: number }>;
  /** Longest time without a request that was answered well, milliseconds. */
  longest_gap_ms: number;
  max_latency_ms: number;
};

export type LoadOptions = {
  url: string;
  /** Requests per second, sent whether the ones before were answered or not. GET and POST in turns, over kept-alive connections. */
  rate?: number;
  /** After this many milliseconds without an answer a request has failed. There are no retries. */
  timeout?: number;
};

export type Load = {
  /** What happened until now; requests on their way count as sent. */
  soFar(): Promise<LoadResult>;
  /** Sends nothing more, waits for what is on its way, and says what became of it all. */
  stop(): Promise<LoadResult>;
};

/** Puts load on a server while the body runs. The generator is a process of its own, so that nothing in here slows it down. */
export async function withLoad(options: LoadOptions, body: (load: Load) => Promise<void>): Promise<LoadResult> {
  const child = fork(join(import.meta.dirname, 'load-process.ts'), [], { execPath: node24, execArgv: [] });
  const ask = (question: object): Promise<LoadResult> => answer(child, question);
  let result: Promise<LoadResult> | undefined;
  const load: Load = {
    soFar: () => ask({ ask: 'so-far' }),
    stop() {
      result ??= ask({ ask: 'stop' });
      return result;
    },
  };
  try {
    await ask({ ask: 'start', rate: 200, timeout: 5000, ...options });
    await body(load);
    return await load.stop();
  } finally {
    child.kill('SIGKILL');
  }
}

let count = 0;

function answer(child: ChildProcess, question: object): Promise<LoadResult> {
  count += 1;
  const id = count;
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('the load generator ended'));
    const onMessage = (message: { id: number; result: LoadResult }): void => {
      if (message.id !== id) return;
      child.off('message', onMessage).off('exit', gone);
      resolve(message.result);
    };
    child.on('message', onMessage).once('exit', gone);
    child.send({ id, ...question });
  });
}

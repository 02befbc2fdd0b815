import { RE2JS } from 're2js';
import type { Baseline, Look } from '../../src/runner/contract.ts';
import { atMost } from '../clients/at-most.ts';
import { dockerReader } from '../clients/docker.ts';
import type { ContainerSummary, DockerReader } from '../clients/docker-types.ts';
import { counted, sayDuration } from '../stack/words.ts';
import { clockAhead } from './engine-clock.ts';
import { secondsOf } from './engine-news.ts';
import type { LogsParams } from './logs-watch.ts';
import { heeding } from './rounds.ts';
import { containersOf, watchedStack } from './watched-stack.ts';

/** The log of so many windows is read, and no more lines of one container, and no longer altogether. */
const bounds = { windows: 10, lines: 100_000, ms: 3_000 };

/** How many lines per window the version that runs now writes; asked only where it is to be compared with. */
export async function logsBefore(params: LogsParams, look: Look): Promise<Baseline> {
  if (params.over_baseline === undefined) return { bad: false, say: 'it is not compared with what was before' };
  const stack = await watchedStack(look, params.services);
  const docker = await dockerReader(look);
  const running = (await containersOf(docker, stack)).filter(({ State }) => State === 'running');
  if (running.length === 0) return { bad: false, say: 'nothing ran before' };
  const now = look.clock.now() + (await clockAhead(docker, look.clock));
  const over = new AbortController();
  const done = new AbortController();
  void look.clock.sleep(bounds.ms, done.signal).then(
    () => over.abort(),
    () => undefined, // it was in time
  );
  try {
    const bounded = heeding(look, AbortSignal.any([look.signal, over.signal]));
    const rates = await atMost(4, running, (container) => rateOfLog(params, container, { docker, now, look: bounded }));
    return summedUp(
      params,
      rates.filter((rate) => rate !== undefined),
    );
  } finally {
    done.abort();
  }
}

type Reading = { docker: DockerReader; now: number; look: Look };

/** Matching lines per window of one container; undefined where its log cannot be read. */
async function rateOfLog(
  params: LogsParams,
  container: ContainerSummary,
  { docker, now, look }: Reading,
): Promise<number | undefined> {
  const pattern = RE2JS.compile(params.pattern);
  const from = Math.max(now - bounds.windows * params.within, container.Created * 1000);
  const since = secondsOf(BigInt(Math.round(from)) * 1_000_000n);
  let read = 0;
  let found = 0;
  let last = '';
  try {
    for await (const { line, time } of docker.followLogs(container.Id, { since, follow: false }, look.signal)) {
      if (pattern.test(line)) found += 1;
      read += 1;
      last = time;
      if (read >= bounds.lines) break;
    }
  } catch {
    return undefined; // what its driver keeps cannot be read
  }
  const cut = read >= bounds.lines || look.signal.aborted;
  if (cut && last === '') return undefined;
  // Of a log that was not read to its end only the time counts that was read.
  const until = cut ? Number(last) * 1000 : now;
  // What has run for less than a window is not taken for worse than it is.
  return (found * params.within) / Math.max(until - from, params.within);
}

function summedUp({ within }: LogsParams, rates: readonly number[]): Baseline {
  if (rates.length === 0) return { bad: false, say: 'the logs of before cannot be read' };
  const per_window = rates.reduce((sum, rate) => sum + rate, 0);
  const lines = counted(Math.round(per_window * 10) / 10, 'matching line');
  return { bad: false, say: `${lines} in ${sayDuration(within)} before`, values: { per_window } };
}

import { RE2JS } from 're2js';
import { StepFailure } from '../../src/errors.ts';
import type { Sample, Watching } from '../../src/runner/contract.ts';
import { secondsOf } from './engine-news.ts';
import { limitsOf } from './log-limits.ts';
import { type HeardLine, type LogStreams, logStreams } from './log-streams.ts';
import { judgeLogs, limitOf, rateOf } from './logs-decide.ts';
import { slidingWindow } from './sliding-window.ts';
import { heartbeat, type Scene, stackRounds } from './stack-rounds.ts';
import { containersOf } from './watched-stack.ts';

export type LogsParams = {
  pattern: string;
  more_than?: number;
  within: number;
  over_baseline?: string;
  services?: string[];
};

/** How many of the last lines are shown. */
const shown = 10;

/** A line that matches gives a sample at once, but no more often than this, in milliseconds. */
const soon = 250;

/** Logs are streamed: of containers that are there, and of those that come. */
export function runLogs(params: LogsParams, watching: Watching): AsyncIterable<Sample> {
  const { clock } = watching.look;
  const limits = limitsOf(params);
  const rate = rateOf(watching.baseline?.values);
  const limit = limitOf(limits, rate);
  const pattern = RE2JS.compile(params.pattern);
  const matches = slidingWindow(params.within);
  let lines: string[] = [];
  let streams: LogStreams | undefined;
  let ahead = 0;
  let last = { at: 0, bad: false };

  const hear = (line: HeardLine, ring: () => void) => {
    if (!pattern.test(line.line)) return;
    const now = clock.now() + ahead;
    matches.add(Math.min(now, Number(line.time) * 1000));
    lines = [...lines.slice(1 - shown), `${line.service}: ${line.line}`];
    const turnsBad = !last.bad && limit !== undefined && matches.count(now) > limit;
    if (turnsBad || clock.now() - last.at >= soon) ring();
  };
  const open = (scene: Scene): LogStreams => {
    ({ ahead } = scene);
    const since = secondsOf(BigInt(Math.round(watching.since + ahead)) * 1_000_000n);
    const ring = () => scene.bell.ring();
    const source = { docker: scene.lasting, signal: scene.until, since, news: ring };
    return logStreams({ ...source, hear: (line) => hear(line, ring) });
  };

  return stackRounds({
    watching,
    ...(params.services && { services: params.services }),
    news: {
      types: ['container'],
      hear({ action, id }) {
        if (action !== 'start' && action !== 'die') return false;
        streams?.again(id);
        return true;
      },
    },
    lost: () => streams?.reopen(),
    closed: async () => streams?.closed(),
    async turn(scene) {
      streams ??= open(scene);
      const containers = await containersOf(scene.docker, scene.stack);
      streams.follow(containers);
      const { names, why } = streams.unread();
      if (why !== undefined && names.length === containers.length) throw new StepFailure(why, { class: 'unavailable' });
      const at = clock.now();
      const count = matches.count(at + ahead);
      const sample = judgeLogs({ at, count, within: params.within, limits, unread: names, ...(rate && { rate }) });
      last = { at, bad: sample.bad === true };
      return { sample: { ...sample, ...(count > 0 && { lines: lines.slice(-count) }) }, next: heartbeat };
    },
  });
}

import type { FailureClass } from '../../src/errors.ts';
import { counted, sayBytes, sayDuration } from '../stack/words.ts';
import type { Sample } from './sample.ts';
import { type Asked, presentContainers } from './select.ts';

/** What is remembered from look to look: per container, and per service that has none. */
export type Memory = Readonly<Record<string, Seen>>;
export type Seen = {
  since: number;
  restarts: number;
  oom: boolean;
  started_at: string;
  /** Since when it has been good without a break. */
  good_since?: number;
  /** Exit code of its last crash, which a running container no longer shows. */
  crashed?: number;
};

/** What is known of one container now. `due`: the moment at which that changes by itself. */
export type ContainerVerdict = {
  service: string;
  container?: string;
  id?: string;
  verdict: 'good' | 'waiting' | 'failed';
  state: string;
  say: string;
  hint?: string;
  class?: FailureClass;
  due?: number;
  /** Its last log lines are worth showing: it ended by itself. */
  ended?: true;
};

export type Judged = { memory: Memory; verdicts: ContainerVerdict[] };

/** A container that waits to be started, or a service without one, has this long: nothing here will start or make it. */
const grace = 5_000;
/** So many restarts more than at first sight are a crash loop. */
const crashLoop = 2;

/** Judges every container that is asked for, from one look and what is remembered of the looks before it. Pure. */
export function judgeContainers(
  asked: readonly Asked[],
  samples: readonly Sample[],
  look: { at: number; memory: Memory; deadline?: number },
): Judged {
  const memory: Record<string, Seen> = {};
  const verdicts = asked.flatMap((one) => {
    const present = presentContainers(one, samples);
    const judged = present.map((sample) => {
      const seen = remember(look.memory[sample.id], sample, look.at);
      memory[sample.id] = seen;
      const deadline = look.deadline ?? sample.deadline;
      return one.job ? judgeJob(one, sample) : judgeOne(one, sample, { seen, at: look.at, deadline });
    });
    if (one.ids) return [...judged, ...one.ids.filter((id) => !(id in memory)).map((id) => judgeGone(one, id))];
    if (one.job || present.length >= one.replicas) return judged;
    const key = `none of ${one.service}`;
    const since = look.memory[key]?.since ?? look.at;
    memory[key] = { since, restarts: 0, oom: false, started_at: '' };
    return [...judged, judgeMissing(one, present.length, { since, at: look.at })];
  });
  return { memory, verdicts };
}

function remember(before: Seen | undefined, sample: Sample, at: number): Seen {
  if (!before) return { since: at, restarts: sample.restarts, oom: isUp(sample) && sample.oom, ...moment(sample) };
  const restarted = before.started_at !== sample.started_at;
  // The time a container waits to be started is not taken from its own deadline (F20).
  const since = before.started_at.startsWith('0001-') && restarted ? at : before.since;
  const { good_since, ...kept } = before;
  return { ...kept, since, ...moment(sample), ...(good_since !== undefined && !restarted && { good_since }) };
}

function moment(sample: Sample): { started_at: string; crashed?: number } {
  return { started_at: sample.started_at, ...(sample.state === 'restarting' && { crashed: sample.exit_code }) };
}

type Moment = { seen: Seen; at: number; deadline: number };

function judgeOne(asked: Asked, sample: Sample, moment: Moment): ContainerVerdict {
  return (
    brokenVerdict(asked, sample, moment.seen) ??
    (isGood(asked, sample) ? judgeWindow(asked, sample, moment) : judgeDelay(asked, sample, moment))
  );
}

/** What waiting cannot mend. */
function brokenVerdict(asked: Asked, sample: Sample, seen: Seen): ContainerVerdict | undefined {
  const failed = (say: string, more: Partial<ContainerVerdict> = {}) =>
    verdict(asked, sample, { verdict: 'failed', say, class: 'exit', ended: true, ...more });
  if (sample.oom && !seen.oom) {
    const limit = sample.memory_limit > 0 ? ` (its limit is ${sayBytes(sample.memory_limit)})` : '';
    return failed(`was killed, because it ran out of memory${limit}`, {
      hint: 'Raise mem_limit, or let it need less.',
    });
  }
  const restarts = sample.restarts - seen.restarts;
  if (restarts >= crashLoop) {
    const code = sample.state === 'restarting' ? sample.exit_code : seen.crashed;
    const times = `${counted(restarts, 'restart')} while it was watched`;
    return failed(`keeps crashing${code === undefined ? '' : ` with exit code ${code}`}: ${times}`);
  }
  if (sample.state !== 'exited' && sample.state !== 'dead') return undefined;
  if (sample.error !== '') return failed(`could not be started: ${sample.error}`);
  if (sample.exit_code !== 0) return failed(`exited with code ${sample.exit_code}`);
  return failed('has ended (exit code 0)', { hint: 'If it is meant to end, say so with `x-playbook: { job: true }`.' });
}

function isGood(asked: Asked, sample: Sample): boolean {
  if (sample.state !== 'running') return false;
  if (asked.want === 'running' || sample.health === undefined) return true;
  return sample.health === 'healthy' && sample.streak === 0;
}

/** Good now: it must stay so for the whole window, which starts anew with every flap and restart (F22). */
function judgeWindow(asked: Asked, sample: Sample, { seen, at }: Moment): ContainerVerdict {
  seen.good_since ??= at;
  const window = sample.health === undefined ? (asked.blind_for ?? asked.stable_for) : asked.stable_for;
  const due = seen.good_since + window;
  const word = sample.health ?? 'running';
  if (at >= due) return verdict(asked, sample, { verdict: 'good', say: `is ${word}` });
  const say = `${word} for ${sayDuration(wholeSeconds(at - seen.good_since))} of ${sayDuration(window)}`;
  return verdict(asked, sample, { verdict: 'waiting', say, due });
}

/** Not good yet: that may last as long as its own deadline says (F18, F20). */
function judgeDelay(asked: Asked, sample: Sample, { seen, at, deadline }: Moment): ContainerVerdict {
  delete seen.good_since;
  // One failed probe makes nobody unhealthy; it only starts the window anew.
  const probeFailed = isUp(sample) && sample.health === 'healthy';
  if (probeFailed) return verdict(asked, sample, { verdict: 'waiting', say: delayWords(sample) });
  const limit = sample.state === 'created' ? Math.min(grace, deadline) : deadline;
  const due = seen.since + limit;
  if (at < due) return verdict(asked, sample, { verdict: 'waiting', say: delayWords(sample), due });
  return verdict(asked, sample, { verdict: 'failed', ...lateWords(sample, limit) });
}

function delayWords(sample: Sample): string {
  if (sample.state !== 'running') return sample.state;
  return sample.streak > 0 ? `${sample.health}, ${probeCount(sample)} failed` : (sample.health ?? 'running');
}

function lateWords(sample: Sample, limit: number): Pick<ContainerVerdict, 'say' | 'class' | 'hint' | 'ended'> {
  const waited = sayDuration(limit);
  if (sample.state === 'created') return { say: 'was made, but nobody has started it', class: 'unhealthy' };
  if (sample.state === 'restarting') {
    return {
      say: `crashed with exit code ${sample.exit_code} and waits for its next restart`,
      class: 'exit',
      ended: true,
    };
  }
  if (sample.state !== 'running') return { say: `is ${sample.state}`, class: 'unhealthy' };
  const why = sample.probe ? `: ${probeWords(sample.probe)} (${probeCount(sample)})` : '';
  if (sample.health === 'unhealthy') return { say: `is unhealthy${why}`, class: 'unhealthy' };
  return { say: `was still ${sample.health ?? 'not running'} after ${waited}${why}`, class: 'timeout' };
}

function probeWords(probe: { output: string; exit_code: number }): string {
  return probe.output || `its probe ends with exit code ${probe.exit_code} and prints nothing`;
}

/** `3 of 3 probes`; what comes on top of the needed ones is counted by itself. */
function probeCount(sample: Sample): string {
  if (sample.streak === 0) return 'the last one passed';
  if (sample.streak > sample.retries) return `${sample.streak} probes in a row`;
  return `${sample.streak} of ${sample.retries} probes`;
}

function judgeJob(asked: Asked, sample: Sample): ContainerVerdict {
  if (sample.state === 'exited' && sample.exit_code === 0 && sample.error === '') {
    return verdict(asked, sample, { verdict: 'good', say: 'is done', state: 'done' });
  }
  if (sample.state === 'created' && sample.error === '') {
    return verdict(asked, sample, { verdict: 'good', say: 'is put in place, not run', state: 'created' });
  }
  if (sample.state === 'running') return verdict(asked, sample, { verdict: 'waiting', say: 'the job runs' });
  const why = sample.error ? `could not be started: ${sample.error}` : `failed with exit code ${sample.exit_code}`;
  return verdict(asked, sample, { verdict: 'failed', say: why, class: 'exit', ended: true });
}

/** A container that is asked for by its ID does not come back under it. */
function judgeGone({ service }: Asked, id: string): ContainerVerdict {
  const say = `has lost its container ${id.slice(0, 12)}`;
  const hint = 'Has something removed it meanwhile?';
  return { service, state: 'missing', say, verdict: 'failed', class: 'not-found', hint };
}

function judgeMissing(asked: Asked, present: number, time: { since: number; at: number }): ContainerVerdict {
  const due = time.since + grace;
  const say = present === 0 ? 'has no container' : `has ${present} of ${counted(asked.replicas, 'container')}`;
  const about = { service: asked.service, state: 'missing', say };
  if (time.at < due) return { ...about, verdict: 'waiting', due };
  return { ...about, verdict: 'failed', class: 'not-found', hint: 'Has something removed it meanwhile?' };
}

function verdict(
  asked: Asked,
  sample: Sample,
  more: Pick<ContainerVerdict, 'verdict' | 'say'> & Partial<ContainerVerdict>,
): ContainerVerdict {
  const state = sample.state === 'running' ? (sample.health ?? 'running') : sample.state;
  return { service: asked.service, container: sample.name, id: sample.id, state, ...more };
}

function isUp(sample: Sample): boolean {
  return sample.state === 'running';
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

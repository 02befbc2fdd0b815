import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Clock, Progress } from '../../src/runner/contract.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { sayDuration } from '../stack/words.ts';
import { type ContainerVerdict, judgeContainers, type Memory } from './decide.ts';
import { lookAtContainers } from './observe.ts';
import type { Sample } from './sample.ts';
import type { Asked } from './select.ts';
import { wakeOnEvents } from './waker.ts';

export type Watching = {
  docker: Pick<DockerReader, 'containers' | 'container' | 'events'>;
  project: string;
  asked: readonly Asked[];
  /** For every container in place of its own. */
  deadline?: number;
  every: number;
  clock: Clock;
  signal: AbortSignal;
  progress(progress: Progress): void;
};

/** `stopped`: the signal was aborted before everything was good. */
export type Watched = { verdicts: ContainerVerdict[]; stopped: boolean };

/** An engine that restarts is away for a while; its containers may come back with it. */
const patience = 30_000;

/** Watches until every container that is asked for is good, or one has failed, or it is told to stop. */
export async function watchServices(watching: Watching): Promise<Watched> {
  const { clock, signal, asked } = watching;
  if (asked.length === 0) return { verdicts: [], stopped: false };
  const waker = wakeOnEvents(watching);
  const look = patientLook(watching);
  let memory: Memory = {};
  let verdicts: ContainerVerdict[] = [];
  try {
    while (!signal.aborted) {
      const samples = await look();
      const at = clock.now();
      if (samples) {
        ({ memory, verdicts } = judgeContainers(asked, samples, { at, memory, deadline: watching.deadline }));
        if (isSettled(verdicts)) return { verdicts, stopped: false };
        watching.progress(progressOf(verdicts));
      }
      await waker.next(untilNext(verdicts, at, watching.every));
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    waker.close();
  }
  return { verdicts, stopped: true };
}

function isSettled(verdicts: readonly ContainerVerdict[]): boolean {
  return verdicts.some(({ verdict }) => verdict === 'failed') || verdicts.every(({ verdict }) => verdict === 'good');
}

/** The next look: when a window or a deadline ends, and at least every so often, as events may be missed. */
function untilNext(verdicts: readonly ContainerVerdict[], at: number, every: number): number {
  const due = verdicts.flatMap((verdict) => (verdict.due === undefined ? [] : [verdict.due - at]));
  return Math.max(1, Math.min(every, ...due));
}

function progressOf(verdicts: readonly ContainerVerdict[]): Progress {
  const waiting = verdicts.filter(({ verdict }) => verdict === 'waiting');
  const many = new Set(waiting.map(({ service }) => service)).size < waiting.length;
  const say = waiting.map((one) => `${(many && one.container) || one.service}: ${one.say}`).join('; ');
  return { say, done: verdicts.length - waiting.length, total: verdicts.length };
}

/** Looks, and bears an engine that is away for a while; undefined while it is. */
function patientLook({ docker, project, asked, clock }: Watching): () => Promise<Sample[] | undefined> {
  const services = new Set(asked.map((one) => one.service));
  let awaySince: number | undefined;
  return async () => {
    try {
      const samples = await lookAtContainers(docker, project, services);
      awaySince = undefined;
      return samples;
    } catch (thrown) {
      if (!isAway(thrown)) throw thrown;
      awaySince ??= clock.now();
      if (clock.now() - awaySince < patience) return undefined;
      throw new StepFailure(`the engine has not answered for ${sayDuration(patience)}: ${(thrown as Error).message}`, {
        class: 'unavailable',
        cause: thrown,
      });
    }
  };
}

function isAway(thrown: unknown): boolean {
  if (thrown instanceof Refusal) return thrown.reason === 'unavailable';
  return thrown instanceof StepFailure && (thrown.class === 'unavailable' || thrown.class === 'transient');
}

import { describe, expect, it } from 'vitest';
import type { ContainerInspect, ContainerSummary, EngineEvent } from '../../../runners/clients/docker-types.ts';
import { type Watching, watchServices } from '../../../runners/health/watch-services.ts';
import { Refusal } from '../../../src/errors.ts';
import type { Clock, Progress } from '../../../src/runner/contract.ts';
import { virtualClock } from '../../support/virtual-clock.ts';
import { asked } from './samples.ts';

type State = { Status: string; Health?: { Status: string; FailingStreak: number; Log: [] } };

/** An engine with one container whose state is a function of the time; `tell` sends an event. */
function engine(clock: Clock, stateAt: (at: number) => State | Error) {
  let wake: (() => void) | undefined;
  const events: EngineEvent[] = [];
  const looks: number[] = [];
  const tell = (action: string) => {
    events.push({ type: 'container', action, id: 'a', attributes: {}, time_nano: '' });
    wake?.();
  };
  const docker: Watching['docker'] = {
    async containers() {
      const state = stateAt(clock.now());
      if (state instanceof Error) throw state;
      looks.push(clock.now());
      return [{ Id: 'a', Labels: { 'com.docker.compose.service': 'web' } } as unknown as ContainerSummary];
    },
    async container() {
      const state = stateAt(clock.now());
      if (state instanceof Error) throw state;
      return {
        Id: 'a',
        Name: '/shop-web-1',
        Created: '2026-01-01',
        RestartCount: 0,
        HostConfig: { Memory: 0 },
        State: {
          Running: state.Status === 'running',
          ExitCode: 0,
          OOMKilled: false,
          StartedAt: 'then',
          Error: '',
          ...state,
        },
        Config: { Labels: { 'com.docker.compose.service': 'web' }, Healthcheck: { Test: ['CMD', 'true'] } },
      } as unknown as ContainerInspect;
    },
    async *events(_filter, signal) {
      signal.addEventListener('abort', () => wake?.(), { once: true });
      while (!signal.aborted) {
        const event = events.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
  return { docker, tell, looks };
}

const starting: State = { Status: 'running', Health: { Status: 'starting', FailingStreak: 0, Log: [] } };
const healthy: State = { Status: 'running', Health: { Status: 'healthy', FailingStreak: 0, Log: [] } };

function watching(docker: Watching['docker'], clock: Clock, more: Partial<Watching> = {}): Watching {
  const signal = new AbortController().signal;
  const wanted = [asked({ stable_for: 0, hash: undefined })];
  return { docker, project: 'shop', asked: wanted, every: 1000, clock, signal, progress: () => undefined, ...more };
}

describe('watching services', () => {
  it('must end at the first look where all is well, and leave nothing behind', async () => {
    const clock = virtualClock(0);
    const { docker, looks } = engine(clock, () => healthy);
    const watched = await watchServices(watching(docker, clock));
    expect(watched).toMatchObject({ stopped: false, verdicts: [{ verdict: 'good', state: 'healthy' }] });
    expect(looks).toEqual([0]);
  });

  it('must look by itself where events are missed', async () => {
    const clock = virtualClock(0);
    const { docker, looks } = engine(clock, (at) => (at < 2500 ? starting : healthy));
    await watchServices(watching(docker, clock));
    expect(looks).toEqual([0, 1000, 2000, 3000]);
  });

  it('must look at once when the engine tells of an event, however long the pause between looks', async () => {
    // Its sleeps end only when they are broken off.
    const never: Clock = {
      now: () => 0,
      sleep: (_ms, signal) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
        ),
    };
    let state = starting;
    const { docker, tell } = engine(never, () => state);
    const said: Progress[] = [];
    const heard = watchServices(
      watching(docker, never, {
        every: 3_600_000,
        progress: (progress) => {
          said.push(progress);
          state = healthy;
          tell('health_status: healthy');
        },
      }),
    );
    expect(await heard).toMatchObject({ verdicts: [{ verdict: 'good' }] });
    expect(said).toEqual([{ say: 'web: starting', done: 0, total: 1 }]);
  });

  it('must end the window to the millisecond, not at the next poll', async () => {
    const clock = virtualClock(0);
    const { docker } = engine(clock, () => healthy);
    const wanted = [asked({ stable_for: 1234, hash: undefined })];
    await watchServices(watching(docker, clock, { asked: wanted }));
    expect(clock.now()).toBe(1234);
  });

  it('must bear an engine that is away for a while', async () => {
    const clock = virtualClock(0);
    const away = new Refusal('unavailable', 'The engine does not answer.');
    const { docker } = engine(clock, (at) => (at > 0 && at < 20_000 ? away : healthy));
    const wanted = [asked({ stable_for: 5000, hash: undefined })];
    expect(await watchServices(watching(docker, clock, { asked: wanted }))).toMatchObject({ stopped: false });
  });

  it('must give up on an engine that stays away', async () => {
    const clock = virtualClock(0);
    const { docker } = engine(clock, () => new Refusal('unavailable', 'The engine does not answer.'));
    await expect(watchServices(watching(docker, clock))).rejects.toMatchObject({ class: 'unavailable' });
  });

  it('must say what it was waiting for when it is told to stop', async () => {
    const clock = virtualClock(0);
    const stop = new AbortController();
    const { docker } = engine(clock, () => starting);
    const watched = await watchServices(
      watching(docker, clock, { signal: stop.signal, progress: () => stop.abort(new Error('time is over')) }),
    );
    expect(watched).toMatchObject({ stopped: true, verdicts: [{ service: 'web', say: 'starting' }] });
  });

  it('must ask nothing of nobody', async () => {
    const clock = virtualClock(0);
    const { docker, looks } = engine(clock, () => healthy);
    expect(await watchServices(watching(docker, clock, { asked: [] }))).toEqual({ verdicts: [], stopped: false });
    expect(looks).toEqual([]);
  });
});

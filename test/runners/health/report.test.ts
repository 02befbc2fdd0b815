import { describe, expect, it } from 'vitest';
import type { ContainerVerdict } from '../../../runners/health/decide.ts';
import { failure, found, unknowns } from '../../../runners/health/report.ts';
import { bench } from '../../support/action-context.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { asked } from './samples.ts';

function verdict(more: Partial<ContainerVerdict> = {}): ContainerVerdict {
  return {
    service: 'web',
    container: 'shop-web-1',
    verdict: 'failed',
    state: 'unhealthy',
    say: 'is unhealthy: no answer',
    ...more,
  };
}

/** A log that the engine gives, or an engine that gives none. */
const docker = (lines: string[] | Error) => ({
  logs: async () => (lines instanceof Error ? Promise.reject(lines) : lines),
});

async function failed(verdicts: ContainerVerdict[], lines: string[] | Error = [], stopped = false) {
  const one = await bench(await tempFolder('stack'));
  return { one, failure: await failure(one.context, docker(lines), { verdicts, stopped }) };
}

describe('the failure of a wait', () => {
  it('must name what failed and why, each service by its own', async () => {
    const { failure: said } = await failed([verdict(), verdict({ service: 'api', say: 'exited with code 1' })]);
    expect(said.message).toBe('web is unhealthy: no answer; api exited with code 1');
  });

  it('must name the container where a service has several', async () => {
    const { failure: said } = await failed([verdict(), verdict({ container: 'shop-web-2', verdict: 'good' })]);
    expect(said.message).toBe('web (shop-web-1) is unhealthy: no answer');
  });

  it('must say what was still waited for when it was stopped', async () => {
    const waiting = verdict({ verdict: 'waiting', say: 'starting, 2 of 3 probes failed' });
    const { failure: said } = await failed([waiting], [], true);
    expect(said).toMatchObject({ class: 'timeout', message: 'web: starting, 2 of 3 probes failed' });
  });

  it('must give way to what has stopped the step while the log was asked for', async () => {
    const one = await bench(await tempFolder('stack'));
    const signal = AbortSignal.abort(new Error('restarts tripped'));
    const context = Object.create(one.context, { signal: { value: signal } });
    const ended = verdict({ id: '0123456789abcdef', say: 'keeps crashing', ended: true });
    const said = failure(context, docker(new Error('stopped')), { verdicts: [ended], stopped: false });
    await expect(said).rejects.toThrow('restarts tripped');
  });

  it('must be told even where neither log nor evidence can be had', async () => {
    const ended = verdict({ id: '0123456789abcdef', say: 'exited with code 1', ended: true });
    const one = await bench(await tempFolder('stack'));
    const look = Object.create(one.look, { env: { value: { ...one.look.env, DOCKER_HOST: 'unix:///no/such.sock' } } });
    const context = Object.create(one.context, { look: { value: look } });
    const said = await failure(context, docker(new Error('no such driver')), { verdicts: [ended], stopped: false });
    expect(said.message).toContain('web exited with code 1');
    expect(one.logged).toEqual([expect.stringMatching(/^The evidence of 0123456789ab could not be kept: /)]);
  });
});

describe('what a wait gives', () => {
  it('must be the state of each service, how many are healthy, and in words how many containers are what', () => {
    const verdicts = [
      verdict({ service: 'worker', verdict: 'good', state: 'running' }),
      verdict({ verdict: 'good', state: 'healthy' }),
      verdict({ verdict: 'good', state: 'healthy', container: 'shop-web-2' }),
      verdict({ service: 'migrate', verdict: 'good', state: 'done' }),
    ];
    expect(found(verdicts, 1200)).toEqual({
      services: { web: 'healthy', worker: 'running', migrate: 'done' },
      waited_ms: 1200,
      healthy: 1,
      say: '2 healthy, 1 running, 1 done',
    });
    expect(found([], 0)).toMatchObject({ services: {}, say: 'nothing to wait for' });
  });

  it.each([
    [10_000, 'worker has no healthcheck: that it ran for 10 s without a restart is all that can be known.'],
    [0, 'worker has no healthcheck: that it runs is all that can be known.'],
  ])('must say how little is known without a healthcheck, after %i ms', (stable_for, say) => {
    const worker = verdict({ service: 'worker', verdict: 'good', state: 'running' });
    expect(unknowns([asked({ service: 'worker', stable_for })], [worker])).toBe(say);
  });
});

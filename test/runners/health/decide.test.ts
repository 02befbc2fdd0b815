import { describe, expect, it } from 'vitest';
import { asked, blind, looks, outcome, sample } from './samples.ts';

const web = [asked()];
const unhealthy = {
  health: 'unhealthy',
  streak: 3,
  probe: { output: 'GET /healthz → 500 "cannot reach db:5432"', exit_code: 1 },
} as const;

describe('a healthy service', () => {
  it('must stay healthy for the whole window before it is good', () => {
    expect(outcome(looks(web, [0, sample()]))).toEqual(['web waiting']);
    expect(outcome(looks(web, [0, sample()], [9.9, sample()]))).toEqual(['web waiting']);
    expect(outcome(looks(web, [0, sample()], [10, sample()]))).toEqual(['web good']);
  });

  it('must be good at once where the window is 0, as in a run that changed nothing', () => {
    expect(outcome(looks([asked({ stable_for: 0 })], [0, sample()]))).toEqual(['web good']);
  });

  it('must have a window of its own where it has no healthcheck, if one was asked for', () => {
    const wanted = [asked({ stable_for: 0, blind_for: 2000 })];
    expect(outcome(looks(wanted, [0, sample()]))).toEqual(['web good']);
    expect(outcome(looks(wanted, [0, blind()]))).toEqual(['web waiting']);
    expect(outcome(looks(wanted, [0, blind()], [2, blind()]))).toEqual(['web good']);
  });

  it('must say when its window ends, so that nobody has to poll for it', () => {
    expect(looks(web, [3, sample()]).verdicts[0]?.due).toBe(13_000);
  });

  it('F22 must begin its window anew after a flap', () => {
    const flapped = looks(web, [0, sample()], [8, sample(unhealthy)], [9, sample()], [12, sample()]);
    expect(outcome(flapped)).toEqual(['web waiting']);
    expect(flapped.verdicts[0]?.due).toBe(19_000);
  });

  it('F22 must begin its window anew after a restart that nobody saw', () => {
    const restarted = sample({ started_at: '2026-11-22T12:00:09Z', restarts: 1 });
    expect(looks(web, [0, sample()], [9, restarted]).verdicts[0]?.due).toBe(19_000);
  });

  it('must begin its window anew after a failed probe, without being failed for it', () => {
    const late = looks(web, [0, sample()], [90, sample({ streak: 1 })]);
    expect(outcome(late)).toEqual(['web waiting']);
    expect(outcome(looks(web, [0, sample()], [8, sample({ streak: 1 })], [12, sample()]))).toEqual(['web waiting']);
  });
});

describe('an unhealthy service', () => {
  it('F18 must pass when it recovers inside its deadline', () => {
    const recovered = looks(
      web,
      [0, sample({ health: 'starting' })],
      [20, sample(unhealthy)],
      [50, sample()],
      [60, sample()],
    );
    expect(outcome(recovered)).toEqual(['web good']);
  });

  it('must fail at its deadline, with what its probe said and how often', () => {
    const failed = looks(web, [0, sample(unhealthy)], [60, sample(unhealthy)]);
    expect(failed.verdicts).toMatchObject([
      {
        verdict: 'failed',
        class: 'unhealthy',
        say: 'is unhealthy: GET /healthz → 500 "cannot reach db:5432" (3 of 3 probes)',
      },
    ]);
  });

  it('F17 must never be taken for healthy', () => {
    expect(outcome(looks([asked({ stable_for: 0 })], [0, sample(unhealthy)]))).toEqual(['web waiting']);
  });

  it('must be enough where it was not healthy before the run either', () => {
    expect(outcome(looks([asked({ want: 'running', stable_for: 0 })], [0, sample(unhealthy)]))).toEqual(['web good']);
  });

  it.each([
    [{ streak: 7 }, '(7 probes in a row)'],
    [{ probe: { output: '', exit_code: 2 } }, 'its probe ends with exit code 2 and prints nothing'],
  ])('must say what is known of its probe: %j', (more, part) => {
    const late = sample({ ...unhealthy, ...more });
    expect(looks(web, [0, late], [60, late]).verdicts[0]?.say).toContain(part);
  });
});

describe('a slow service', () => {
  const slow = sample({ health: 'starting', deadline: 300_000 });

  it('F20 must have its own deadline, whatever the others needed', () => {
    const both = [asked(), asked({ service: 'db' })];
    const db = (more: Parameters<typeof sample>[0]) => sample({ name: 'shop-db-1', service: 'db', ...more });
    const late = looks(both, [0, sample(), slowDb(db)], [290, sample(), slowDb(db)]);
    expect(outcome(late)).toEqual(['web good', 'db waiting']);
    expect(outcome(looks(both, [0, sample(), slowDb(db)], [290, sample(), db({})], [300, sample(), db({})]))).toEqual([
      'web good',
      'db good',
    ]);
  });

  const slowDb = (db: (more: Parameters<typeof sample>[0]) => ReturnType<typeof sample>) =>
    db({ health: 'starting', deadline: 300_000 });

  it('must fail when it is still starting at its deadline', () => {
    expect(looks(web, [0, slow], [300, slow]).verdicts).toMatchObject([
      { verdict: 'failed', class: 'timeout', say: 'was still starting after 5 min' },
    ]);
  });

  it('F20 must not lose the time in which it waited to be started', () => {
    const created = sample({ state: 'created', health: 'starting', started_at: '0001-01-01T00:00:00Z' });
    const started = sample({ health: 'starting' });
    expect(outcome(looks(web, [0, created], [4, started], [63, started]))).toEqual(['web waiting']);
    expect(outcome(looks(web, [0, created], [4, started], [64, started]))).toEqual(['web failed']);
  });
});

describe('a container that ends', () => {
  it.each([
    ['exits', { state: 'exited', exit_code: 3 }, 'exited with code 3'],
    ['ends well without being a job', { state: 'exited' }, 'has ended (exit code 0)'],
    [
      'cannot be started',
      { state: 'exited', exit_code: 128, error: 'port is already allocated' },
      'could not be started: port is already allocated',
    ],
    [
      'runs out of memory',
      { state: 'exited', exit_code: 137, oom: true, memory_limit: 67_108_864 },
      'was killed, because it ran out of memory (its limit is 64 MB)',
    ],
    [
      'runs out of memory and is restarted',
      { state: 'restarting', exit_code: 137, oom: true },
      'was killed, because it ran out of memory',
    ],
  ])('must fail at once when it %s', (_what, more, say) => {
    const { health: _none, ...ended } = sample(more);
    expect(looks(web, [0, ended]).verdicts).toMatchObject([{ verdict: 'failed', say }]);
  });

  it('F17 must fail in the restart back-off, where it counts as running', () => {
    const crash = (restarts: number) => blind({ state: 'restarting', restarts, exit_code: 1 });
    expect(outcome(looks([asked({ stable_for: 0 })], [0, crash(0)]))).toEqual(['web waiting']);
    expect(looks(web, [0, crash(0)], [1, crash(2)]).verdicts).toMatchObject([
      { verdict: 'failed', class: 'exit', say: 'keeps crashing with exit code 1: 2 restarts while it was watched' },
    ]);
  });

  it('F17 must fail in a crash loop that is only ever seen between two crashes', () => {
    const up = (restarts: number) => blind({ restarts, started_at: `2026-11-22T12:00:0${restarts}Z` });
    expect(outcome(looks(web, [0, up(0)], [3, up(1)], [6, up(2)]))).toEqual(['web failed']);
  });

  it('must not be blamed for restarts of long ago', () => {
    expect(outcome(looks(web, [0, blind({ restarts: 7 })], [10, blind({ restarts: 7 })]))).toEqual(['web good']);
  });

  it('must pass after one crash from which it recovers', () => {
    const crashed = blind({ state: 'restarting', exit_code: 1 });
    const again = blind({ restarts: 1, started_at: '2026-11-22T12:00:05Z' });
    expect(outcome(looks(web, [0, crashed], [2, again], [12, again]))).toEqual(['web good']);
  });

  it('must fail in a long back-off when its deadline comes', () => {
    const waits = blind({ state: 'restarting', exit_code: 1, restarts: 9 });
    expect(looks(web, [0, waits], [60, waits]).verdicts).toMatchObject([
      { verdict: 'failed', say: 'crashed with exit code 1 and waits for its next restart' },
    ]);
  });
});

describe('a job', () => {
  const job = [asked({ service: 'migrate', job: true })];
  const migrate = (more: Parameters<typeof blind>[0]) => blind({ name: 'shop-migrate-1', service: 'migrate', ...more });

  it.each([
    ['F19 is good when it ended with exit code 0', { state: 'exited' }, 'good', 'is done'],
    ['is good where it was put back without being run', { state: 'created' }, 'good', 'is put in place, not run'],
    ['is waited for while it runs', {}, 'waiting', 'the job runs'],
    ['fails with its exit code', { state: 'exited', exit_code: 1 }, 'failed', 'failed with exit code 1'],
  ])('%s', (_what, more, verdict, say) => {
    expect(looks(job, [0, migrate(more)]).verdicts).toMatchObject([{ verdict, say }]);
  });

  it('must not be missed where something has cleared it away after its end', () => {
    expect(outcome(looks(job, [0]))).toEqual([]);
  });
});

describe('which containers count', () => {
  it('must look at every replica', () => {
    const second = sample({ name: 'shop-web-2', health: 'starting' });
    expect(outcome(looks([asked({ replicas: 2, stable_for: 0 })], [0, sample(), second]))).toEqual([
      'web good',
      'web waiting',
    ]);
  });

  it('must pass over the old container that is kept for the way back', () => {
    const old = sample({ hash: 'old', state: 'exited', exit_code: 137, created: '2026-11-01T00:00:00Z' });
    const fresh = sample({ name: 'shop-web-2' });
    expect(outcome(looks([asked({ stable_for: 0 })], [0, old, fresh]))).toEqual(['web good']);
  });

  it('must blame the new container, not the old one, when both have ended', () => {
    const old = sample({ hash: 'old', state: 'exited', exit_code: 0, created: '2026-11-01T00:00:00Z' });
    const fresh = sample({ name: 'shop-web-2', state: 'exited', exit_code: 3 });
    expect(looks(web, [0, old, fresh]).verdicts).toMatchObject([
      { container: 'shop-web-2', say: 'exited with code 3' },
    ]);
  });

  it('must give a service without a container a moment, then fail', () => {
    expect(outcome(looks(web, [0]))).toEqual(['web waiting']);
    expect(looks(web, [0], [5]).verdicts).toMatchObject([{ verdict: 'failed', say: 'has no container' }]);
    expect(looks([asked({ replicas: 2 })], [0, sample()], [5, sample()]).verdicts).toMatchObject([
      {},
      { verdict: 'failed', say: 'has 1 of 2 containers' },
    ]);
  });

  it('must fail what was made and never started', () => {
    const created = sample({ state: 'created', started_at: '0001-01-01T00:00:00Z' });
    expect(looks(web, [0, created], [5, created]).verdicts).toMatchObject([
      { say: 'was made, but nobody has started it' },
    ]);
  });
});

describe('containers that are asked for by their IDs', () => {
  const wanted = [asked({ ids: ['id-new'], stable_for: 0 })];
  const old = sample({ name: 'old', health: 'unhealthy' });
  const fresh = sample({ name: 'new' });

  it('must be the only ones that count, whatever else the service has', () => {
    expect(outcome(looks(wanted, [0, old, fresh]))).toEqual(['web good']);
    expect(outcome(looks([asked({ ids: ['id-old'] })], [0, old, fresh]))).toEqual(['web waiting']);
  });

  it('must fail at once when one of them goes away', () => {
    const gone = looks(wanted, [0, old]);
    expect(outcome(gone)).toEqual(['web failed']);
    expect(gone.verdicts[0]).toMatchObject({ say: 'has lost its container id-new', class: 'not-found' });
  });
});

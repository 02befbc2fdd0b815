import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/report/layout.ts';
import { printReleases, releasesJson } from '../../src/report/releases.ts';
import { printStatus, type StackStatus } from '../../src/report/status.ts';
import { plainStyle } from '../../src/report/style.ts';
import type { Release } from '../../src/runner/contract.ts';
import { NIGHT, ROOT } from '../support/events.ts';

const day = 86_400_000;

const status: StackStatus = {
  stack: {
    project: 'shop',
    directory: '/srv/shop',
    files: ['/srv/shop/compose.yml'],
    services: 2,
    profiles: [],
    engine_id: 'E1',
    engine_name: 'vm',
    engine_version: '26.1.5',
    compose_version: '2.26.1',
    commit: '3c9e1f2a9d',
  },
  services: [
    { name: 'web', image: 'shop/web:1.5.0', running: 1, wanted: 1, health: 'healthy', since: NIGHT - 3 * day },
    { name: 'worker', image: 'shop/worker:2', running: 0, wanted: 2, health: 'stopped' },
  ],
  release: { id: 'r12', created_at: NIGHT - 3 * day },
  drift: ['worker was stopped by hand'],
  remarks: [],
};

const release: Release = {
  id: 'r12',
  project: 'shop',
  engine_id: 'E1',
  run: 'k3f9',
  created_at: NIGHT - 3 * day,
  commit: '3c9e1f2a9d',
  compose_version: '2.26.1',
  profiles: [],
  services: {
    web: {
      image: 'shop/web:1.5.0',
      image_id: 'sha256:4e2a',
      digests: [],
      keep_tag: 'playbook/shop/web:r12',
      containers: 1,
    },
  },
  fingerprints: { DB_PASSWORD: 'ab12' },
  files: { config: '/state/config.yml' },
};

describe('status', () => {
  it('must tell what runs, which release it is and what was changed by hand', () => {
    expect(printStatus(status, plainStyle(80), NIGHT)).toBe(
      [
        'shop on vm · engine 26.1.5, compose 2.26.1 · commit 3c9e1f2',
        '',
        'SERVICE  RUNS    HEALTH   IMAGE           STARTED',
        'web      1 of 1  healthy  shop/web:1.5.0  3 days ago',
        'worker   0 of 2  stopped  shop/worker:2',
        '',
        'Release   r12, recorded 3 days ago',
        'By hand   1 difference',
        '          · worker was stopped by hand',
        '',
      ].join('\n'),
    );
  });

  it('must tell of a run under way, and how to free a stack that an interrupted one reserves', () => {
    const run = {
      run: 'k3fa',
      playbook: 'deploy-stack',
      project: 'shop',
      engine_id: 'E1',
      by: ROOT,
      process: { pid: 1, host: 'vm', started: '1', boot: 'b' },
      created_at: NIGHT - 60_000,
    };
    const text = (state: 'running' | 'interrupted') =>
      printStatus({ ...status, run: { ...run, status: state } }, plainStyle(200), NIGHT);
    expect(text('running')).toContain('Run       k3fa is running: deploy-stack, started 1 min ago by root@vm\n');
    expect(text('interrupted')).toContain('k3fa is interrupted');
    expect(text('interrupted')).toContain('playbook undo k3fa');
    expect(text('running'), 'what a run does is not done by hand').toContain('Differs   1 difference');
  });

  it('must tell when a rollback has put the release back', () => {
    const back = { id: 'r11', created_at: NIGHT - 3 * day, restored_at: NIGHT - 60_000 };
    const text = printStatus({ ...status, release: back, drift: [] }, plainStyle(80), NIGHT);
    expect(text).toContain('Release   r11, recorded 3 days ago, put back 1 min ago');
  });

  it('must say plainly that nothing runs, and that no release is recorded', () => {
    const { release: _, ...rest } = status;
    const text = printStatus({ ...rest, services: [], drift: [] }, plainStyle(80), NIGHT);
    expect(text).toContain('Nothing of it runs.');
    expect(text).toContain('Release   none recorded yet');
    expect(text).not.toContain('By hand');
  });

  it('must fit a narrow terminal', () => {
    const lines = printStatus(
      { ...status, remarks: ['The new version runs unwatched since the machine was started again.'] },
      plainStyle(40),
      NIGHT,
    ).split('\n');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(40);
  });
});

describe('releases', () => {
  const here = new Set(Object.values(release.services).map(({ image_id }) => image_id));

  it('F53 must be a table, newest first, with what one needs to choose and a mark at the one that runs', () => {
    const restored = { at: NIGHT - 60_000, run: 'k3f2', contents: {}, hashes: {} };
    const found = { ...release, id: 'found', created_at: NIGHT - 9 * day, run: 'k3f1', restored };
    const listed = [
      { release, current: false, here: new Set<string>() },
      { release: found, current: true, here },
    ];
    expect(printReleases(listed, plainStyle(100), NIGHT)).toBe(
      [
        'RELEASE  RECORDED                    COMMIT   RUN   IMAGES       SERVICES',
        'r12      3 days ago                  3c9e1f2  k3f9  0 of 1 here  web 1.5.0',
        'found *  9 days ago, back 1 min ago  3c9e1f2  k3f1  1 of 1 here  web 1.5.0',
        '* runs now',
        'Images of r12 are gone: rollback says what can be done.',
        'To go back to one: playbook rollback RELEASE',
        '',
      ].join('\n'),
    );
  });

  it('must not claim to know what runs where no engine was asked', () => {
    const text = printReleases([{ release, current: false }], plainStyle(100), NIGHT);
    expect(text).not.toMatch(/runs now|here/);
    expect(printReleases([{ release, current: false, here }], plainStyle(100), NIGHT)).toContain('none of them');
    expect(releasesJson([{ release, current: false }])[0]).toMatchObject({ current: null });
  });

  it('must say so when there is none', () => {
    expect(printReleases([], plainStyle(), NIGHT)).toMatch(/^No releases yet/);
  });

  it('must give programs what a release is made of, and neither its files nor its fingerprints', () => {
    const [record] = releasesJson([{ release, current: true, here }]);
    expect(record).toMatchObject({
      id: 'r12',
      stack: 'shop',
      current: true,
      run: 'k3f9',
      created_at: '2026-02-26T02:59:50.000Z',
    });
    expect(JSON.stringify(record)).not.toMatch(/state|ab12|DB_PASSWORD/);
  });
});

import { describe, expect, test } from 'vitest';
import { buildProgress } from '../../../runners/compose/build-progress.ts';

/** As `docker compose --progress plain build` prints it. */
const cached = [
  '[web internal] load build definition from Dockerfile',
  '#1 [web internal] load build definition from Dockerfile',
  '#1 transferring dockerfile: 98B done',
  '#1 DONE 0.0s',
  '#4 [web 1/2] FROM docker.io/library/base:1',
  '#4 DONE 0.0s',
  '#6 [web 2/2] COPY motd /app/motd',
  '#6 CACHED',
  '#7 [web] exporting to image',
  '#7 writing image sha256:1397 done',
  '#7 DONE 0.0s',
];
const worked = [
  '#4 [web 1/2] FROM docker.io/library/base:1',
  '#6 [web 2/2] RUN npm ci',
  '#6 1.205 added 120 packages',
  '#6 DONE 12.4s',
];

const read = (lines: readonly string[]) => {
  const said = buildProgress();
  return lines.map((line) => said(line));
};

describe('what is said of a build', () => {
  test('must be nothing where every layer is cached', () => {
    expect(read(cached).flatMap(({ log }) => log ?? [])).toEqual([]);
  });

  test('must be one line for each instruction that ran, with its time', () => {
    expect(read(worked).flatMap(({ log }) => log ?? [])).toEqual(['[web 2/2] RUN npm ci (12.4 s)']);
  });

  test('must show what goes on, with what it prints', () => {
    expect(read(worked).flatMap(({ progress }) => progress?.say ?? [])).toEqual([
      '[web 1/2] FROM docker.io/library/base:1',
      '[web 2/2] RUN npm ci',
      '[web 2/2] RUN npm ci: added 120 packages',
    ]);
  });

  test('must name the instruction that failed', () => {
    expect(read([...worked.slice(0, 2), '#6 ERROR: exit code: 1'])[2]).toEqual({
      log: '[web 2/2] RUN npm ci: ERROR: exit code: 1',
    });
  });
});

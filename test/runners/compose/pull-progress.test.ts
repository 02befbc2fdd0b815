import { expect, test } from 'vitest';
import { pullProgress } from '../../../runners/compose/pull-progress.ts';

test('layers must be counted, each once, and other lines must say nothing', () => {
  const progress = pullProgress('web:1');
  const lines = [
    'sha256:abc: Pulling from shop/web',
    'aaaaaaaaaaaa: Pulling fs layer',
    'bbbbbbbbbbbb: Already exists',
    'aaaaaaaaaaaa: Download complete',
    'aaaaaaaaaaaa: Pull complete',
    'Digest: sha256:abc',
  ];
  expect(lines.map(progress).map((now) => now && `${now.say} ${now.done}/${now.total}`)).toEqual([
    undefined,
    'pulling web:1 0/1',
    'pulling web:1 1/2',
    'pulling web:1 1/2',
    'pulling web:1 2/2',
    undefined,
  ]);
});

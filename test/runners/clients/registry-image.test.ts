import { describe, expect, test } from 'vitest';
import { entryFor, imageOf } from '../../../runners/clients/registry-image.ts';

const entry = (digest: string, architecture: string, variant?: string) => ({
  digest,
  platform: { os: 'linux', architecture, ...(variant && { variant }) },
});

const index = {
  manifests: [
    entry('sha256:amd', 'amd64'),
    entry('sha256:arm6', 'arm', 'v6'),
    entry('sha256:arm7', 'arm', 'v7'),
    entry('sha256:arm64', 'arm64', 'v8'),
    entry('sha256:attestation', 'unknown'),
  ],
};

describe('the manifest of an index', () => {
  test.each([
    ['linux/amd64', 'sha256:amd'],
    ['linux/arm/v7', 'sha256:arm7'],
    ['linux/arm64', 'sha256:arm64'],
    ['linux/riscv64', undefined],
    ['windows/amd64', undefined],
  ])('must be that of %s', (platform, digest) => {
    expect(entryFor(index, platform)?.digest).toBe(digest);
  });

  test.each([undefined, null, 'text', {}, { manifests: 'none' }, { manifests: [null, 7] }])(
    'must be none where %j says none',
    (rubbish) => {
      expect(entryFor(rubbish, 'linux/amd64')).toBeUndefined();
    },
  );
});

describe('what would come from a registry', () => {
  const created = '2026-11-18T10:00:00Z';
  const noted = { annotations: { 'org.opencontainers.image.created': created } };

  test('must be the sum of the layers, and the day it was made', () => {
    const manifest = { layers: [{ size: 40_000_000 }, { size: 1_000_000 }] };
    expect(imageOf(manifest, { created })).toEqual({ bytes: 41_000_000, created });
  });

  test.each<[string, unknown, unknown]>([
    ['the manifest', noted, undefined],
    ['its entry in the index', {}, noted],
  ])('must have the day from %s where it is noted there', (_where, manifest, entry) => {
    expect(imageOf(manifest, entry)).toEqual({ created });
  });

  test.each<[unknown, unknown]>([
    [undefined, undefined],
    [null, null],
    [{ layers: 'many', annotations: 'none' }, 'text'],
    [{ layers: [] }, {}],
    [{ layers: [{ size: 'big' }, null] }, { created: 7 }],
    [{ layers: [{ size: -1 }] }, []],
  ])('must be left out where the answer is %j and %j', (manifest, config) => {
    expect(imageOf(manifest, config)).toEqual({});
  });
});

import { describe, expect, test } from 'vitest';
import { byDigest, digestOf, isPinned, registryOf, splitTag } from '../../../runners/clients/image-name.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('image names', () => {
  test.each([
    ['nginx', 'docker.io'],
    ['library/nginx:1', 'docker.io'],
    ['index.docker.io/library/nginx', 'docker.io'],
    ['ghcr.io/me/app:1', 'ghcr.io'],
    ['localhost/app', 'localhost'],
    ['127.0.0.1:5000/app', '127.0.0.1:5000'],
    ['me/app', 'docker.io'],
  ])('the registry of %s must be %s', (name, registry) => {
    expect(registryOf(name)).toBe(registry);
  });

  test.each([
    ['nginx', 'nginx', 'latest'],
    ['nginx:1.27', 'nginx', '1.27'],
    ['127.0.0.1:5000/app', '127.0.0.1:5000/app', 'latest'],
    ['127.0.0.1:5000/app:2', '127.0.0.1:5000/app', '2'],
    [`127.0.0.1:5000/app:2@${digest}`, '127.0.0.1:5000/app', '2'],
  ])('%s must split into its repository and tag', (name, repo, tag) => {
    expect(splitTag(name)).toEqual({ repo, tag });
  });

  test('a digest must replace the tag', () => {
    expect(byDigest('127.0.0.1:5000/app:2', digest)).toBe(`127.0.0.1:5000/app@${digest}`);
    expect(digestOf(`app@${digest}`)).toBe(digest);
  });

  test.each([
    ['app:1', false],
    [`app@${digest}`, true],
    [digest, true],
  ])('whether %s fixes its content must be %s', (name, pinned) => {
    expect(isPinned(name)).toBe(pinned);
  });
});

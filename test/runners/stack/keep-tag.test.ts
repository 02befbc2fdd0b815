import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildTag, formerTag, keepTag } from '../../../runners/stack/keep-tag.ts';

const legal = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*:[\w][\w.-]{0,127}$/;

describe('keep tags', () => {
  test.each([
    ['shop', 'web', 'playbook/shop/web:r1'],
    ['my-shop_2', 'api.v2', 'playbook/my-shop_2/api.v2:r1'],
    ['shop', 'Api', 'playbook/shop/x---41pi:r1'],
    ['shop-', '_a', 'playbook/x--shop-2d/x---5fa:r1'],
    ['a__b', 'x--y', 'playbook/x--a-5f-5fb/x--x-2d-2dy:r1'],
  ])('of %s and %s must be the legal name %s', (project, service, tag) => {
    expect(keepTag(project, service, 'r1')).toBe(tag);
    expect(tag).toMatch(legal);
  });

  test('every name must be legal, and no two services may share one', () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9._-]{1,12}$/);
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(keepTag('p', one, 'r1')).toMatch(legal);
        expect(keepTag('p', one, 'r1') === keepTag('p', other, 'r1')).toBe(one === other);
      }),
    );
  });

  test('what is kept for one run only must not look like a release', () => {
    expect(formerTag('shop', 'web', 'k3f9')).toBe('playbook/shop/web:before-k3f9');
    expect(buildTag('shop', 'web')).toBe('playbook/shop/web:building');
  });
});

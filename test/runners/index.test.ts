import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../../runners/index.ts';
import { createRegistry } from '../../src/runner/registry.ts';

describe.each(Object.entries(FAMILIES))('the family %s', (name, entry) => {
  test('must be listed with exactly what it offers', async () => {
    const family = await entry.load();
    expect(family.name).toBe(name);
    expect([...entry.offers].sort()).toEqual(Object.keys(family.offers).sort());
    expect([...(entry.facts ?? [])].sort()).toEqual(Object.keys(family.facts ?? {}).sort());
  });

  test('must offer names of its own only', () => {
    expect(entry.offers.filter((offered) => !offered.startsWith(`${name}.`))).toEqual([]);
  });
});

test('a runner must be found by its name, and an unknown one not at all', async () => {
  const registry = createRegistry(FAMILIES);
  expect((await registry.find('shell.run'))?.kind).toBe('action');
  expect(await registry.find('shell.walk')).toBeUndefined();
});

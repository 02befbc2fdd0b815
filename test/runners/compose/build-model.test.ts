import { describe, expect, test } from 'vitest';
import { buildsOf, privateModel } from '../../../runners/compose/build-model.ts';
import type { DesiredStack } from '../../../runners/stack/model.ts';

const services = {
  web: { image: 'shop/web:1', build: { context: '/s', tags: ['shop/web:latest', 'shop/web:1'] }, command: null },
  db: { image: 'db:1' },
};
const desired = {
  project: 'shop',
  order: ['db', 'web'],
  model: { name: 'shop', services },
  services: {
    web: { name: 'web', image: 'shop/web:1', config: services.web },
    db: { name: 'db', image: 'db:1', config: services.db },
  },
} as unknown as DesiredStack;

describe('the model that is built from', () => {
  test('only services with a build section must be built, each name once', () => {
    expect(buildsOf(desired)).toEqual([
      {
        service: 'web',
        image: 'shop/web:1',
        names: ['shop/web:1', 'shop/web:latest'],
        private_name: 'playbook/shop/web:building',
      },
    ]);
  });

  test('no name in use may be left in it where something is built', () => {
    const model = privateModel(desired.model, buildsOf(desired));
    expect(model.services).toEqual({
      web: { image: 'playbook/shop/web:building', build: { context: '/s' }, command: null },
      db: { image: 'db:1' },
    });
    expect(desired.model.services['web']?.image).toBe('shop/web:1');
  });
});

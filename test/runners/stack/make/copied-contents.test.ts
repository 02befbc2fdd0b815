import { expect, test } from 'vitest';
import { copiedInto } from '../../../../runners/stack/make/copied-contents.ts';
import type { DesiredStack } from '../../../../runners/stack/model.ts';

test('the place of a secret in a container must hold no `..`, which would lead out of the folder it is copied from', () => {
  const model = {
    name: 'shop',
    services: {
      web: {
        secrets: [
          { source: 'key', target: '../../../../key' },
          { source: 'key', target: '/a/b/../../../../key' },
          { source: 'key' },
        ],
        configs: [{ source: 'page', target: 'etc/./x/../page' }],
      },
    },
    secrets: { key: { environment: 'KEY' } },
    configs: { page: { content: 'x' } },
  };
  const paths = copiedInto('web', { desired: { model } as unknown as DesiredStack }).map(({ path }) => path);
  expect(paths).toEqual(['/etc/page', '/key', '/key', '/run/secrets/key']);
});

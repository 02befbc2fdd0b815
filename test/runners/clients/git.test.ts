import { expect, test } from 'vitest';
import { readStatus } from '../../../runners/clients/git.ts';

const commit = '3c9e1f2'.padEnd(40, '0');

test.each([
  ['a clean checkout', `# branch.oid ${commit}\n# branch.head main\n`, { commit, branch: 'main', dirty: false }],
  [
    'a changed file',
    `# branch.oid ${commit}\n# branch.head main\n1 .M N... 100644 100644 100644 a b file\n`,
    { commit, branch: 'main', dirty: true },
  ],
  ['no branch checked out', `# branch.oid ${commit}\n# branch.head (detached)\n`, { commit, dirty: false }],
  ['no commit yet', '# branch.oid (initial)\n# branch.head main\n', undefined],
  ['nothing', '', undefined],
])('%s', (_title, text, expected) => {
  expect(readStatus(text)).toEqual(expected);
});

import { expect, test } from 'vitest';
import { githubAnnotations } from '../../src/report/annotations.ts';

test('every problem must be one command that GitHub puts at its line', () => {
  const place = { file: 'deploy.yml', line: 4, column: 18, length: 4 };
  expect(
    githubAnnotations([
      { code: 'bad-value', message: '`type` cannot be `bool`', hint: 'allowed: `boolean`', place },
      { code: 'no-pivot', level: 'notice', message: 'no step is the pivot', hint: 'Say which one is.', place },
      { code: 'empty-file', message: 'the file is empty' },
    ]),
  ).toBe(
    [
      '::error file=deploy.yml,line=4,col=18,endColumn=22,title=bad-value::`type` cannot be `bool`. allowed: `boolean`.',
      '::notice file=deploy.yml,line=4,col=18,endColumn=22,title=no-pivot::no step is the pivot. Say which one is.',
      '::error title=empty-file::the file is empty.',
      '',
    ].join('\n'),
  );
});

test('nothing in a problem may end its command, or begin another one', () => {
  const place = { file: 'a,b:c%.yml', line: 1, column: 1 };
  const message = 'it says 100 %\r\n::set-output name=x::y';
  const text = githubAnnotations([{ code: 'bad-value', message, place }]);
  expect(text.split('\n')).toHaveLength(2);
  expect(text).toContain('file=a%2Cb%3Ac%25.yml,');
  expect(text).toContain('::it says 100 %25%0D%0A::set-output name=x::y.');
});

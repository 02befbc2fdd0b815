import { expect, test } from 'vitest';
import { impossibleNames } from '../../../runners/clients/compose-names.ts';
import type { ComposeModel } from '../../../runners/clients/compose-types.ts';

const text = 'services:\n  web: {}\n  constructor: {}\nvolumes:\n  __proto__: {}\n';
const model = (json: string) => JSON.parse(json) as ComposeModel;

test('a name that every object has by itself must be refused with its place, wherever it stands', () => {
  const odd = model('{"name":"x","services":{"web":{},"constructor":{}},"volumes":{"__proto__":{}}}');
  const problems = impossibleNames(odd, [{ file: 'compose.yml', text }]);
  expect(problems.map(({ place }) => [place?.line, place?.column])).toEqual([
    [3, 3],
    [5, 3],
  ]);
  expect(problems.map(({ message }) => message.split(' ')[0])).toEqual(['`constructor`', '`__proto__`']);
});

test('odd names of any other kind must be let through', () => {
  expect(
    impossibleNames(model('{"name":"x","services":{"0123":{},"---help":{},"proto":{},"Web_1.x":{}}}'), []),
  ).toEqual([]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problems } from '../../src/errors.ts';
import { batchesOf, readyBatch, readyDelay } from '../../src/playbook/batches.ts';
import type { BatchSize } from '../../src/playbook/types.ts';
import { sampleScope } from '../support/sample-scope.ts';

const size: fc.Arbitrary<BatchSize> = fc.oneof(
  fc.integer({ min: 1, max: 12 }),
  fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
);

describe('batches', () => {
  test('must hold every item once and in order, none of them empty, each as large as its size says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.array(size, { minLength: 1, maxLength: 4 }),
        (items, sizes) => {
          const batches = batchesOf(items, sizes) as number[][];
          expect(batches.flat()).toEqual(items);
          for (const [index, batch] of batches.entries()) {
            const wanted = sizes[Math.min(index, sizes.length - 1)] as BatchSize;
            const count = typeof wanted === 'number' ? wanted : Math.ceil((items.length * wanted.percent) / 100);
            expect(batch.length).toBe(index === batches.length - 1 ? Math.min(count, batch.length) : count);
            expect(batch.length).toBeGreaterThan(0);
          }
        },
      ),
    );
  });

  test.each([
    [5, [1, { percent: 25 }, { percent: 50 }], [1, 2, 2]],
    [10, [1, { percent: 25 }, { percent: 50 }], [1, 3, 5, 1]],
    [1, [{ percent: 1 }], [1]],
    [7, [3], [3, 3, 1]],
    [0, [3], []],
  ])('of %i items', (count, sizes, lengths) => {
    const batches = batchesOf(Array(count).fill('x'), sizes as BatchSize[]) as string[][];
    expect(batches.map((batch) => batch.length)).toEqual(lengths);
  });

  test('without sizes must be the items themselves', () => {
    expect(batchesOf(['a', 'b'], undefined)).toEqual(['a', 'b']);
  });
});

describe('sizes and pauses that a template brings', () => {
  const locals = { service: { batch: ['1', '25%', 2], delay: '5s', none: [], odd: ['0%'], word: 'soon', one: '50%' } };
  const scope = sampleScope({ locals });

  test('must be read like written ones', () => {
    expect(readyBatch('{{service.batch}}', scope)).toEqual([1, { percent: 25 }, 2]);
    expect(readyBatch('{{service.one}}', scope)).toEqual([{ percent: 50 }]);
    expect(readyBatch('{{service.batch.1}}', scope)).toEqual([{ percent: 25 }]);
    expect(readyDelay('{{service.delay}}', scope)).toBe(5_000);
  });

  test.each(['none', 'odd', 'word', 'delay', 'nothing'])('%s is no list of sizes', (key) => {
    expect(() => readyBatch(`{{service.${key}}}`, scope)).toThrow(Problems);
  });

  test.each(['batch', 'word', 'nothing'])('%s is no pause', (key) => {
    expect(() => readyDelay(`{{service.${key}}}`, scope)).toThrow(Problems);
  });
});

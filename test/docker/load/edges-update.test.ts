import { expect, test } from 'vitest';
import type { EdgePlace } from '../../../runners/clients/edge/types.ts';
import { answering, serving, withEdgeStack } from '../../support/edge-stack.ts';
import { firstSync, updateTo } from '../../support/edge-updates.ts';
import { putBack } from '../../support/engine-state.ts';
import { type LoadResult, withLoad } from '../../support/load.ts';
import type { TestStack } from '../../support/stack.ts';

type Case = { edge: EdgePlace['driver']; at: (stack: TestStack) => Partial<EdgePlace> };

const cases: Case[] = [
  { edge: 'caddy', at: () => ({ driver: 'caddy', file: undefined }) },
  {
    edge: 'nginx',
    at: ({ folder }) => ({ driver: 'nginx', control: undefined, file: `${folder}/edge/upstreams/web.conf` }),
  },
];

/** Both close idle connections at each switch, and say that they do; an answer that is an error they must never give. */
const errorAnswers = ({ failures }: LoadResult) => Object.keys(failures).filter((kind) => !kind.endsWith('ECONNRESET'));

test.each(cases)(
  'the shipped strategies must update behind $edge, and take it back, without an error answer',
  async ({ edge, at }) => {
    await withEdgeStack(
      `edges${edge}`,
      async (stack) => {
        await firstSync(stack);
        const load = await withLoad({ url: stack.url }, async () => {
          for (const [version, playbook] of [
            ['2', 'rolling-update'],
            ['1', 'blue-green'],
          ] as const) {
            const ended = await updateTo(stack, version, playbook);
            expect(ended.code, ended.stdout + ended.stderr).toBe(0);
            expect([await answering(stack), await serving(stack, at(stack))]).toEqual([
              version,
              (await stack.ids('web')).toSorted(),
            ]);
          }
          const [before, asked] = [putBack(await stack.state()).containers, await serving(stack, at(stack))];
          for (const playbook of ['rolling-update', 'blue-green'] as const) {
            // Nobody listens there: the last test fails, when all the new ones serve.
            const ended = await updateTo(stack, '2', playbook, ['smoke_url=http://127.0.0.1:1/']);
            expect(ended.code, ended.stdout + ended.stderr).toBe(4);
            expect(putBack(await stack.state()).containers).toEqual(before);
            expect([await answering(stack), await serving(stack, at(stack))]).toEqual(['1', asked]);
          }
        });
        expect(errorAnswers(load)).toEqual([]);
      },
      { replicas: 2, edge },
    );
  },
  400_000,
);

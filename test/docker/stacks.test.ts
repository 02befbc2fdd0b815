import { expect, test } from 'vitest';
import { httpGet } from '../support/http-get.ts';
import { withStack } from '../support/stack.ts';
import { stackFiles } from '../support/stack-files.ts';
import { until } from '../support/until.ts';

test('the shop must start by plain Compose, answer through all three tiers and count on its volume', async () => {
  await withStack('shop', await stackFiles('shop'), async (stack) => {
    await stack.image('api:1', '1');
    await stack.image('db:1', '1');
    await stack.compose(['up', '-d', '--build']);
    // The page listens a moment after its container has started; only an answer counts as a visit.
    const page = await until('the page answers', async () => {
      const answer = await httpGet(stack.url);
      return answer.status === 200 && answer;
    });
    expect(page).toEqual({ status: 200, body: 'shop 1: api 1, schema 1, visits 1' });
    const state = await stack.state();
    expect(Object.values(state.containers).map((each) => each.status)).toEqual([
      'running',
      'running',
      'exited',
      'running',
      'running',
    ]);
  });
});

test('the stack made by hand must have an anonymous volume, aliases and a name of its own', async () => {
  await withStack('hand', await stackFiles('by-hand'), async (stack) => {
    await stack.image('front:1', '1');
    await stack.image('store:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    expect((await httpGet(stack.url)).body).toBe('front 1');
    const { containers, volumes } = await stack.state();
    expect(Object.keys(containers)).toEqual([`${stack.project}-front`, `${stack.project}-store-1`]);
    expect(containers[`${stack.project}-front`]?.networks[`${stack.project}_default`]).toContain('www');
    expect(volumes).toHaveLength(2);
  });
});

test('the stack of all syntaxes must be what Compose takes for valid, and start', async () => {
  await withStack('syntax', await stackFiles('syntax'), async (stack) => {
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    expect((await httpGet(stack.url)).body).toBe('short 1 from .env');
    expect(await stack.ids('long')).toHaveLength(2);
    expect(await stack.ids('debug')).toHaveLength(0);
  });
});

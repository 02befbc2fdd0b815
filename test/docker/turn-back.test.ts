import { describe, expect, test } from 'vitest';
import { answering } from '../support/edge-stack.ts';
import type { EngineState } from '../support/engine-state.ts';
import { imageId } from '../support/images.ts';
import { withRegistry } from '../support/registry.ts';
import type { TestStack } from '../support/stack.ts';
import { isStarted, sharedStack, update, wholeStack } from '../support/turn-back.ts';
import { withTurningStack } from '../support/turning-stack.ts';

describe('a rolling update that is taken back must leave everything as it was', () => {
  const shared = sharedStack('turnback');

  test('F33 where the first new container never becomes healthy', async () => {
    const { stack, before } = shared();
    const ended = await update(stack, { turn: 'never-healthy' });
    expect(await wholeStack(stack)).toEqual(before);
    expect(ended.code).toBe(4);
    expect(ended.shown).toMatchObject({
      status: 'rolled-back',
      undo: { cause: 'failure', step: 'ready[1.1]', left: [] },
    });
    expect(ended.events.filter(({ type }) => type === 'evidence.kept')).not.toEqual([]);
  });

  test('F02 where the second batch fails, when the first one and the database are replaced', async () => {
    const { stack, before } = shared();
    const ended = await update(stack, { turn: 'second-never-healthy', database: true });
    expect(await wholeStack(stack)).toEqual(before);
    expect(ended.code).toBe(4);
    expect(ended.shown).toMatchObject({
      status: 'rolled-back',
      undo: { cause: 'failure', step: 'ready[1.2]', left: [] },
    });
    const undone = ended.events.flatMap((event) => (event.type === 'receipt.undone' ? [event.step] : []));
    expect(undone.slice(0, 1)).toEqual(['start[1.2]']);
    expect(undone.slice(-2)).toEqual(['start[1.1]', 'before']);
  });

  test('where Ctrl-C comes in the middle of the second batch', async () => {
    const { stack, before } = shared();
    const ended = await update(stack, {
      turn: 'second-never-healthy',
      database: true,
      when: (event) => isStarted(event, 'ready[1.2]'),
      act: async ({ child }) => void child.kill('SIGINT'),
    });
    expect(await wholeStack(stack)).toEqual(before);
    expect(ended.code).toBe(130);
    expect(ended.shown).toMatchObject({ status: 'cancelled', undo: { cause: 'cancel', left: [] } });
  });

  test('F45 where a variable is exported that shadows .env', async () => {
    const { stack, before } = shared();
    const shell = { GREETING: 'shadow', DATABASE_TURN: 'shadow', COMPOSE_PROFILES: 'debug' };
    const ended = await update(stack, { turn: 'logs-errors', shell, inputs: ['batch=2'] });
    expect(await wholeStack(stack)).toEqual(before);
    expect(ended.code).toBe(4);
    expect(ended.shown).toMatchObject({
      status: 'rolled-back',
      undo: { cause: 'trigger', trigger: 'errors', left: [] },
    });
  });

  test('F29 and after all of that a plain up must recreate nothing', async () => {
    const { stack, before } = shared();
    await stack.compose(['up', '-d']);
    const ids = (engine: Pick<EngineState, 'containers'>) => Object.values(engine.containers).map(({ id }) => id);
    expect(ids(await stack.state())).toEqual(ids(before.engine));
  });
});

test('F42 an update whose image is pushed anew under the same name, twice, must go back to the image that ran', async () => {
  await withRegistry(async (registry) => {
    const name = `${registry.host}/web:1`;
    await registry.publish('web:1', '1', 'first');
    const back = async (stack: TestStack): Promise<void> => {
      const [before, image] = [await wholeStack(stack), await imageId(name)];
      await registry.publish('web:1', '2', 'second');
      const ended = await update(stack, {
        turn: 'logs-errors',
        inputs: ['batch=2'],
        act: async () => {
          expect(await imageId(name)).not.toBe(image);
          expect(await answering(stack)).toBe('web 2 hello');
          await registry.publish('web:1', '3', 'third');
          await stack.write('turns/now', '');
        },
      });
      expect(await wholeStack(stack)).toEqual(before);
      expect(await imageId(name)).toBe(image);
      expect(ended.code).toBe(4);
      expect(ended.shown).toMatchObject({
        status: 'rolled-back',
        undo: { cause: 'trigger', trigger: 'errors', left: [] },
      });
    };
    await withTurningStack('turntag', back, { 'compose.override.yml': `services: { web: { image: '${name}' } }\n` });
  });
});

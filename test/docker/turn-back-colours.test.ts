import { describe, expect, test } from 'vitest';
import type { EngineState } from '../support/engine-state.ts';
import { firstOf, sharedStack, type Updated, update, wholeStack } from '../support/turn-back.ts';

describe('a switch to green that is taken back must leave blue as it was, never stopped', () => {
  const shared = sharedStack('turncolour');

  test('F39 where green does not prove itself, and blue has always had all requests', async () => {
    const { stack, before } = shared();
    const running = since(await stack.state());
    const inputs = ['smoke_path=/'];
    const ended = await update(stack, { turn: 'no-page', playbook: 'blue-green', inputs });
    expect(await wholeStack(stack)).toEqual(before);
    expect(since(await stack.state())).toEqual(running);
    expect(ended.code).toBe(4);
    expect(ended.shown).toMatchObject({ status: 'rolled-back', undo: { cause: 'failure', left: [] } });
    expect(undoneSteps(ended)).toEqual(['start[1]']);
  });

  test('where a trigger trips after the switch: one call to the edge, then green goes', async () => {
    const { stack, before } = shared();
    const running = since(await stack.state());
    const ended = await update(stack, { turn: 'logs-errors', playbook: 'blue-green' });
    expect(await wholeStack(stack)).toEqual(before);
    expect(since(await stack.state())).toEqual(running);
    expect(ended.code).toBe(4);
    expect(ended.shown).toMatchObject({
      status: 'rolled-back',
      undo: { cause: 'trigger', trigger: 'errors', left: [] },
    });
    expect(undoneSteps(ended)).toEqual(['shift[1.1]', 'start[1]']);
    expect(firstOf(ended, 'trigger.tripped')).toBeLessThan(firstOf(ended, 'receipt.undoing'));
  });
});

/** Since when each container runs. */
function since({ containers }: EngineState): Record<string, string> {
  return Object.fromEntries(Object.values(containers).map(({ id, started }) => [id, started]));
}

function undoneSteps({ events }: Updated): string[] {
  return events.flatMap((event) => (event.type === 'receipt.undone' ? [event.step] : []));
}

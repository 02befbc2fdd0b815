import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunEventBody } from '../../src/engine/events.ts';
import { storeJournal } from '../../src/history/journal.ts';
import { maskEvent } from '../../src/history/mask-event.ts';
import { openStore } from '../../src/history/sqlite.ts';
import { created, logged, refusalOfAsync, take, tempDir } from './history-fixtures.ts';

const mask = (text: string): string => text.replaceAll('s3cret', '***').replaceAll('up', '***');
const clock = { now: () => 77 };

function opened() {
  const store = openStore(tempDir());
  onTestFinished(store.close);
  return store;
}

describe('the journal of a run', () => {
  test('an event must be on disk when append resolves, with its number and the time of the clock', async () => {
    const store = opened();
    const { fence } = take(store, 'k3f9');
    const journal = storeJournal(store, { run: 'k3f9', fence, clock, mask });
    await journal.append(created());
    const event = await journal.append(logged('a line'));
    expect(event).toMatchObject({ run: 'k3f9', seq: 2, at: 77 });
    expect(store.events('k3f9')[1]).toEqual(event);
  });

  test('a holder that lost its stack must hear of it as a rejection', async () => {
    const store = opened();
    const { fence } = take(store, 'k3f9');
    const journal = storeJournal(store, { run: 'k3f9', fence: fence + 1, clock, mask });
    expect((await refusalOfAsync(journal.append(created()))).reason).toBe('locked');
  });

  test('secrets must be out of what is stored and of what is shown', async () => {
    const store = opened();
    const { fence } = take(store, 'k3f9');
    const journal = storeJournal(store, { run: 'k3f9', fence, clock, mask });
    await journal.append(created({ inputs: { password: 's3cret' } }));
    const event = await journal.append(logged('password is s3cret'));
    expect(JSON.stringify([event, ...store.events('k3f9')])).not.toContain('s3cret');
  });
});

describe('masking an event', () => {
  const error = { class: 'exit' as const, message: 's3cret', hint: 's3cret', lines: ['a s3cret'] };
  const cases: [string, RunEventBody, RunEventBody][] = [
    [
      'what an action gave back, however deep, must be masked and its keys stay',
      { type: 'step.ended', phase: 'steps', step: 'up', attempt: 1, outputs: { up: ['s3cret', { id: 'up s3cret' }] } },
      { type: 'step.ended', phase: 'steps', step: 'up', attempt: 1, outputs: { up: ['***', { id: '*** ***' }] } },
    ],
    [
      'a failure must be masked and its class stay',
      { type: 'step.failed', phase: 'steps', step: 'up', attempt: 1, error },
      {
        type: 'step.failed',
        phase: 'steps',
        step: 'up',
        attempt: 1,
        error: { class: 'exit', message: '***', hint: '***', lines: ['a ***'] },
      },
    ],
    [
      'what a guard says and saw must be masked, its id stay',
      { type: 'guard.judged', guard: { id: 'up', verdict: 'go', say: 's3cret', evidence: { id: 's3cret' } } },
      { type: 'guard.judged', guard: { id: 'up', verdict: 'go', say: '***', evidence: { id: '***' } } },
    ],
    [
      'names that the fold goes by must stay although a secret reads like one',
      { type: 'receipt.recorded', step: 'up', receipt: 1, ref: { file: 'receipts/0001-up.json', hmac: 'up' } },
      { type: 'receipt.recorded', step: 'up', receipt: 1, ref: { file: 'receipts/0001-up.json', hmac: 'up' } },
    ],
    [
      'numbers, nothing and what is left out must stay',
      { type: 'step.ended', phase: 'steps', step: 'x', attempt: 1, outputs: { a: 1, b: null, c: true, d: undefined } },
      { type: 'step.ended', phase: 'steps', step: 'x', attempt: 1, outputs: { a: 1, b: null, c: true, d: undefined } },
    ],
  ];
  test.each(cases)('%s', (_what, event, expected) => {
    expect(maskEvent(event, mask)).toEqual(expected);
  });
});

import { describe, expect, test } from 'vitest';
import { firstOf, lastOf, sharedStack, type Update, update, wholeStack } from '../support/turn-back.ts';

type Case = Pick<Update, 'turn' | 'playbook' | 'database'> & { what: string; trigger: string; say: RegExp };

const cases: Case[] = [
  {
    what: 'dies again and again',
    turn: 'dies',
    trigger: 'restarts',
    say: /web-\d was restarted 3 times/,
    database: true,
  },
  { what: 'logs more errors than it may', turn: 'logs-errors', trigger: 'errors', say: /1\d matching lines in 5 s/ },
  {
    what: 'logs three times what the old one did',
    turn: 'logs-errors',
    playbook: 'over-baseline',
    trigger: 'errors',
    // Two of them wrote a line each second, less while they were stopped in the case before.
    say: /[1-4]\d matching lines in 5 s, before it was ([4-9]|1[0-2])(\.\d)?$/,
  },
  { what: 'cannot reach its database', turn: 'loses-database', trigger: 'database', say: /\d matching lines in 5 s/ },
  { what: 'takes nearly all of its memory', turn: 'eats-memory', trigger: 'hot', say: /memory 9[5-9].*limit of web/ },
  { what: 'has lost its page', turn: 'hides-page', trigger: 'down', say: /404/ },
];

describe('a rolling update that turns bad in the soak must be taken back exactly', () => {
  const shared = sharedStack('turnback');

  test.each(cases)('where the new version $what', async ({ trigger, say, database, ...turn }) => {
    const { stack, before } = shared();
    // One batch is enough where nothing depends on there being several.
    const inputs = [...(database ? [] : ['batch=2']), ...(trigger === 'down' ? [`smoke_url=${stack.url}/`] : [])];
    const ended = await update(stack, { ...turn, inputs, ...(database && { database }) });
    expect(await wholeStack(stack)).toEqual(before);
    expect(ended.code).toBe(4);
    expect(ended.shown).toMatchObject({ status: 'rolled-back', undo: { cause: 'trigger', trigger, left: [] } });
    const tripped = ended.events[firstOf(ended, 'trigger.tripped')];
    expect(tripped).toMatchObject({ trigger, say: expect.stringMatching(say) });
    const order = [
      firstOf(ended, 'trigger.tripped'),
      firstOf(ended, 'step.failed'),
      firstOf(ended, 'undo.started'),
      firstOf(ended, 'receipt.undoing'),
      lastOf(ended, 'receipt.undone'),
      firstOf(ended, 'stack.compared'),
      firstOf(ended, 'run.ended'),
    ];
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
  });
});

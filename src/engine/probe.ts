import { CouldNotEvaluate } from '../expression/condition.ts';
import { readyParams } from '../playbook/params.ts';
import type { StepProbe } from '../playbook/types.ts';
import type { Json } from '../runner/contract.ts';
import { actionOf } from './attempt.ts';
import { conditionHolds } from './condition.ts';
import { openUndoSession, type Session } from './context.ts';
import { limit, within } from './limit.ts';
import type { Live } from './live.ts';
import type { Move } from './moves.ts';
import { runError } from './run-error.ts';
import { scopeOf } from './scope.ts';
import { isOwnUndo } from './take-back.ts';

type Probe = Extract<Move, { do: 'probe' }>;
type Found = { found: 'done' | 'not-done' | 'unknown'; say: string };

/** The same for every probe: it only looks. */
const LONGEST = 2 * 60_000;
const GRACE = 10_000;

/** Asks the world whether a step that was cut has happened: by the playbook's own probe, else by its action's. */
export async function probe(live: Live, { step, key, receipt }: Probe): Promise<void> {
  const { clock, control, world } = live.ports;
  const over = new Error('it gave no answer in time');
  const bounds = limit(clock, [control.abandon, control.cancel], [{ ms: LONGEST, reason: over }]);
  const session = openUndoSession(live, { step: key, look: world.look(bounds.signal) });
  try {
    const asked = step.probe
      ? byPlaybook(live, { probe: step.probe, key }, session)
      : byAction(live, step.uses, await live.ports.receipts.read(receipt.ref), session);
    const found = await within(clock, asked, bounds.signal, GRACE);
    await session.flush();
    await live.emit({ type: 'step.probed', step: key, ...found });
  } catch (thrown) {
    await session.flush();
    if (control.abandon.aborted) return;
    // What cannot be asked is not known: a person decides.
    const say = `It could not be found out: ${runError(thrown, world.mask).message}`;
    await live.emit({ type: 'step.probed', step: key, found: 'unknown', say });
  } finally {
    bounds.release();
  }
}

async function byPlaybook(
  live: Live,
  { probe: { uses, with: written, done }, key }: { probe: StepProbe; key: string },
  session: Session,
): Promise<Found> {
  const action = await actionOf(live, uses);
  const params = readyParams(action.params, written, await scopeOf(live, written, { at: key }));
  const result = await action.run(params, session.context);
  try {
    const happened = await conditionHolds(live, done, { at: key, result: { value: result, schema: action.outputs } });
    return happened
      ? { found: 'done', say: `${uses}: ${done} holds, so it has happened` }
      : { found: 'not-done', say: `${uses}: ${done} does not hold, so it has not happened` };
  } catch (thrown) {
    if (!(thrown instanceof CouldNotEvaluate)) throw thrown;
    return { found: 'unknown', say: `${done} could not be evaluated: ${thrown.message}` };
  }
}

async function byAction(live: Live, uses: string, content: Json, session: Session): Promise<Found> {
  const action = await actionOf(live, uses);
  if (!action.probe || isOwnUndo(content)) return { found: 'unknown', say: `${uses} left nothing that tells` };
  const found = await action.probe(content, session.context.look);
  const says = { done: 'it has happened', 'not-done': 'it has not happened', unknown: 'the engine cannot tell' };
  return { found, say: `${uses}: ${says[found]}` };
}

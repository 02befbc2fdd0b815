import { StepFailure } from '../errors.ts';
import { judgeGuard } from '../plan/guards.ts';
import type { GuardVerdict } from '../plan/types.ts';
import type { GuardUse, Step } from '../playbook/types.ts';
import type { Look } from '../runner/contract.ts';
import type { Live } from './live.ts';
import { scopeOf } from './scope.ts';
import { stepState } from './state.ts';

/**
 * Judges what is due before a step: guards of the run that waited for an earlier step, and the step's own.
 * A no-go is a failure of class `guard`: before the first change the run then ends as a no-go.
 */
export async function judgeDue(live: Live, step: Step, key: string, look: Look): Promise<void> {
  const verdicts: GuardVerdict[] = [];
  for (const use of live.program.playbook.guards.filter((guard) => waitedFor(live, guard)))
    verdicts.push(await judge(live, use, look, undefined));
  for (const use of step.guards) verdicts.push(await judge(live, use, look, key));
  const against = verdicts.filter((guard) => guard.verdict === 'no-go' && guard.overridden_by === undefined);
  if (against.length === 0) return;
  throw new StepFailure(against.map((guard) => guard.say).join(' '), { class: 'guard', ...hints(against) });
}

function waitedFor(live: Live, guard: GuardUse): boolean {
  const known = live.state.guards.find((each) => each.id === guard.id && each.step === undefined);
  if (known?.verdict !== 'undecided') return false;
  const until = known.until === undefined ? undefined : stepState(live.state, 'steps', known.until);
  return known.until === undefined || until?.status === 'done' || until?.status === 'skipped';
}

async function judge(live: Live, use: GuardUse, look: Look, step: string | undefined): Promise<GuardVerdict> {
  const { world, actor } = live.ports;
  const guard = await judgeGuard(use, {
    find: (name) => world.find(name),
    scope: await scopeOf(
      live,
      [use.that ?? '', use.when ?? '', use.with ?? {}],
      step === undefined ? {} : { at: step },
    ),
    look,
    earlier: [],
    overrides: live.program.overrides,
    actor,
  });
  await live.emit({ type: 'guard.judged', guard, ...(step === undefined ? {} : { step }) });
  return guard;
}

function hints(verdicts: readonly GuardVerdict[]): { hint?: string } {
  const hint = verdicts.flatMap((guard) => guard.hint ?? []).join(' ');
  return hint === '' ? {} : { hint };
}

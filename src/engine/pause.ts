import { deadlineAt } from './decide.ts';
import type { Live } from './live.ts';

/**
 * Waits until then. It ends early only for what can still turn the run back and is not known yet: a cancel that changes
 * nothing any more would end each wait at once, and the run would go round in circles without ever letting anything else run.
 */
export async function pauseUntil(live: Live, until: number, beside: readonly AbortSignal[] = []): Promise<void> {
  const { clock } = live.ports;
  const deadline = live.state.deadline_passed ? undefined : deadlineAt(live.program, live.state);
  const stop = AbortSignal.any([...wakers(live), ...beside]);
  await clock.sleep(Math.max(0, Math.min(until, deadline ?? until) - clock.now()), stop).catch((thrown: unknown) => {
    if (!stop.aborted) throw thrown;
  });
}

function wakers({ ports: { control }, state, tripped }: Live): AbortSignal[] {
  if (state.undo || state.pivot_passed !== undefined || state.cancel_asked_by) return [control.abandon];
  return [control.abandon, control.cancel, tripped];
}

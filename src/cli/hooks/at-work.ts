import { isAlive } from '../../history/lock.ts';
import type { Store } from '../../history/store.ts';
import type { StackHeader } from '../../plan/types.ts';
import { isLeftBehind } from './pending.ts';

type Place = { folder: string; git_dir: string; store: Store | undefined };

/** Whether a push or a run is changing what is in a folder, or of its stack, or was cut while it did. Takes nothing. */
export async function atWork({ folder, git_dir, store }: Place, stack?: StackHeader): Promise<boolean> {
  if (await isLeftBehind({ folder, git_dir }, store)) return true;
  const leases = [store?.lease('folder', folder), stack && store?.lease(stack.engine_id, stack.project)];
  return leases.some((lease) => lease !== undefined && isAlive(lease.holder) !== false);
}

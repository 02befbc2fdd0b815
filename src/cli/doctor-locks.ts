import { Refusal } from '../errors.ts';
import type { Look } from '../runner/contract.ts';
import type { LockOwner } from '../runner/engine-lock.ts';
import type { Invocation } from './command.ts';
import type { Finding } from './doctor-engine.ts';
import { type History, readHistory } from './history-access.ts';
import { lifeOf, sayOwner, unlockCommand } from './lock-owner.ts';
import { engineLockReader } from './wire.ts';

/** Who holds which stack on the engine, and whether that can be so. */
export async function lookAtLocks(look: Look, invocation: Invocation): Promise<Finding[]> {
  const owners = await (await engineLockReader(look)).owners();
  const history = owners.length === 0 ? undefined : ownHistory(invocation);
  try {
    return owners.map((owner) => finding(owner, lifeOf(owner, history?.store), look.clock.now()));
  } finally {
    history?.close();
  }
}

/** One that cannot be read is a finding of its own, and proves nothing here. */
function ownHistory(invocation: Invocation): History | undefined {
  try {
    return readHistory(invocation);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function finding(owner: LockOwner, life: boolean | 'unknown', now: number): Finding {
  const say = sayOwner(owner, now);
  if (life === true) return { level: 'ok', name: 'lock', say: `${say} is at work` };
  if (life === false)
    return {
      level: 'warn',
      name: 'lock',
      say: `${say} is gone`,
      fix: 'Nothing to do: the next run from this host takes it over.',
    };
  const { host } = owner.process;
  return {
    level: 'warn',
    name: 'lock',
    say: `${say}; whether it is at work cannot be seen from here`,
    fix: `Look on ${host}. Where it is gone for certain: ${unlockCommand(owner)}`,
  };
}

import { randomBytes } from 'node:crypto';
import type { ProcessRef } from '../engine/events.ts';
import type { Program } from '../engine/program.ts';
import { Refusal } from '../errors.ts';
import { when } from '../history/held.ts';
import { isAlive, isAncestor, isOfThisBoot } from '../history/process-ref.ts';
import type { Store } from '../history/store.ts';
import type { LockOwner } from '../runner/engine-lock.ts';
import { thisActor } from './actor.ts';

type Of = {
  program: Pick<Program, 'run' | 'playbook' | 'plan'>;
  process: ProcessRef;
  state_dir: string;
  since: number;
};

/** This run, as the lock on the engine says it to other machines and users. */
export function lockOwner({ program, env, ...of }: Of & { env: Readonly<Record<string, string>> }): LockOwner {
  const { run, playbook, plan } = program;
  const { process, state_dir, since } = of;
  return {
    token: randomBytes(9).toString('hex'),
    project: plan.stack.project,
    run,
    playbook: playbook.name,
    user: thisActor(env).user,
    process,
    state_dir,
    since,
  };
}

/**
 * Whether an owner is still there. `false` only where that is proved: the process ran on this machine, by the boot of the
 * system or by this host's own record of it, and is gone. Two machines may have the same name.
 */
export function lifeOf(owner: LockOwner, store: Pick<Store, 'findRun'> | undefined): boolean | 'unknown' {
  if (!isOfThisBoot(owner.process) && !isOnRecord(owner, store)) return 'unknown';
  return isAlive(owner.process);
}

/** Why a stack cannot be had that another history holds: who holds it, since when, for which run, and what frees it. */
export function heldElsewhere(owner: LockOwner, life: boolean | 'unknown', now: number): Refusal {
  const { hint, end } = stateOf(owner, life);
  return new Refusal('locked', `${sayOwner(owner, now)}${end}`, { hint });
}

/** `Run k3f9 (deploy-stack, started by ana on laptop) holds shop since … : process 4242 on laptop`. */
export function sayOwner({ run, playbook, user, process, project, since }: LockOwner, now: number): string {
  const { pid, host } = process;
  return `Run ${run} (${playbook}, started by ${user} on ${host}) holds ${project} since ${when(since, now)}: process ${pid} on ${host}`;
}

/** Whether waiting for it could ever end. */
export function isInside(owner: LockOwner): boolean {
  return isAncestor(owner.process);
}

function isOnRecord({ run, process }: LockOwner, store: Pick<Store, 'findRun'> | undefined): boolean {
  const row = store?.findRun(run);
  if (row?.run !== run) return false;
  const { pid, host, started, boot } = row.process;
  return pid === process.pid && host === process.host && started === process.started && boot === process.boot;
}

function stateOf(owner: LockOwner, life: boolean | 'unknown'): { end: string; hint: string } {
  const { run, state_dir, process } = owner;
  const there = `--state-dir ${state_dir}`;
  if (isInside(owner))
    return {
      end: ', by which this command was started: waiting for it would never end.',
      hint: 'A step must not run a playbook on the stack it works on. Make its steps part of this playbook.',
    };
  if (life === 'unknown')
    return {
      end: ', and whether it is still at work cannot be seen from here.',
      hint: `\`playbook show ${run} ${there}\` on ${process.host} says whether it is, \`playbook cancel\` and \`undo\` there stop it and put back what it changed. Where it is gone for certain: ${unlockCommand(owner)}`,
    };
  if (!life) return { end: ' is gone.', hint: 'The next run from that host takes it over.' };
  return {
    end: ' is at work, with another history.',
    hint: `\`playbook show ${run} ${there}\` shows how far it is, \`playbook cancel ${run} ${there}\` stops it and puts back what it changed.`,
  };
}

/** What frees the stack of an owner that cannot. */
export function unlockCommand({ project }: LockOwner): string {
  return `\`playbook unlock -p ${project}\` frees ${project}.`;
}

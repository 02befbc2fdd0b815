import { expect } from 'vitest';
import type { RunEvent } from '../../src/engine/events.ts';
import { type Call, withFaultProxy } from './fault-proxy.ts';
import { startPlaybook } from './run-playbook.ts';
import type { TestStack } from './stack.ts';

/** Where a process dies: at its n-th call that changes something, which still reaches the engine, or does not. */
export type Cut = { at: number; reaches: boolean; after?: RunEvent['type'] };

/** A command line, a place where it dies, and how it is taken up again. */
export type Killed = { args: readonly string[]; cut: Cut; onCrash: 'resume' | 'undo' };

/** Every cut: at a change that reaches the engine and at one that does not. */
export const cutsAt = (...at: number[]): Cut[] => at.map((each, index) => ({ at: each, reaches: index % 2 === 0 }));

/** Runs, kills (`kill -9`), takes up again; `told` is all that a person wants to read when something is wrong after that. */
export async function killAndTakeUp(
  stack: TestStack,
  { args, cut, onCrash }: Killed,
): Promise<{ code: number; told: string }> {
  const { run, call } = await cutOff(stack, args, cut);
  const ended = await stack.playbook(['resume', run, '--on-crash', onCrash]);
  return { code: ended.code, told: [sayCut(cut, call), ended.stdout, ended.stderr].join('\n') };
}

/** What it starts goes on by itself: what dies is the process, not what the engine was told. */
async function cutOff(
  stack: TestStack,
  args: readonly string[],
  { at, reaches, after }: Cut,
): Promise<{ run: string; call: Call }> {
  let call: Call | undefined;
  await withFaultProxy(
    () => undefined,
    async (proxy) => {
      const env = { ...stack.env, DOCKER_HOST: proxy.host };
      const { child, output, ended } = startPlaybook(args, { cwd: stack.folder, stateDir: stack.stateDir, env });
      let changes = 0;
      proxy.rule((each) => {
        if (call !== undefined || !isChange(each) || isLock(each, output().stdout)) return undefined;
        if (after !== undefined && !output().stdout.includes(`"type":"${after}"`)) return undefined;
        changes += 1;
        if (changes < at) return undefined;
        call = each;
        child.kill('SIGKILL');
        return reaches ? undefined : { cut: true };
      });
      await ended;
    },
  );
  if (call === undefined) throw new Error(`the run had ended before its change ${at}: there is nothing to take up`);
  const [newest] = (await stack.playbook(['history', '--json'])).json() as { id: string; status: string }[];
  expect(newest?.status).toBe('interrupted');
  return { run: newest?.id ?? '', call };
}

function sayCut({ at, reaches }: Cut, { method, path }: Call): string {
  const call = `${method} ${path.replaceAll(/[0-9a-f]{64}/g, '<id>')}`;
  return `cut at change ${at} (${call}, which ${reaches ? 'reaches' : 'does not reach'} the engine)`;
}

/** Taken before the run begins, and given back after its end. */
function isLock({ path }: Call, printed: string): boolean {
  return (
    path.includes('/volumes/playbook-lock-') || (path.includes('/volumes/create') && !printed.includes('run.created'))
  );
}

/** Commands in a container, waits and streams change nothing of the stack. */
function isChange({ method, path }: Call): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return !/\/(exec|wait|attach|session|grpc)\b|^\/(exec|auth|session|grpc)\b/.test(path);
}

import { expect } from 'vitest';
import type { RunEvent } from '../../src/engine/events.ts';
import { type Call, withFaultProxy } from './fault-proxy.ts';
import { type PlaybookRun, startPlaybook } from './run-playbook.ts';
import type { TestStack } from './stack.ts';

/** Where a process dies: at its n-th call that changes something, which still reaches the engine, or does not. */
export type Cut = { at: number; reaches: boolean; after?: RunEvent['type'] };

/** What it was doing then: the run, and the call. Undefined: it had ended before. */
export type CutOff = { run: string; call: Call } | undefined;

/** Runs the real command line and kills it (`kill -9`) at one of its changes; what it has started goes on by itself. */
export async function cutOff(stack: TestStack, args: readonly string[], { at, reaches, after }: Cut): Promise<CutOff> {
  let call: Call | undefined;
  await withFaultProxy(
    () => undefined,
    async (proxy) => {
      const env = { ...stack.env, DOCKER_HOST: proxy.host };
      const { child, output, ended } = startPlaybook(args, { cwd: stack.folder, stateDir: stack.stateDir, env });
      let changes = 0;
      proxy.rule((each) => {
        if (call !== undefined || !isChange(each)) return undefined;
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
  if (call === undefined) return undefined;
  const [newest] = (await stack.playbook(['history', '--json'])).json() as { id: string; status: string }[];
  expect(newest?.status).toBe('interrupted');
  return { run: newest?.id ?? '', call };
}

/** Takes the run up again. */
export function takeUp(stack: TestStack, run: string, onCrash: 'resume' | 'undo'): Promise<PlaybookRun> {
  return stack.playbook(['resume', run, '--on-crash', onCrash]);
}

/** As a person reads it: which cut this was. */
export function sayCut({ at, reaches }: Cut, cut: CutOff): string {
  const call =
    cut === undefined ? 'no call' : `${cut.call.method} ${cut.call.path.replaceAll(/[0-9a-f]{64}/g, '<id>')}`;
  return `cut at change ${at} (${call}, which ${reaches ? 'reaches' : 'does not reach'} the engine)`;
}

/** Commands in a container, waits and streams change nothing of the stack. */
function isChange({ method, path }: Call): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return !/\/(exec|wait|attach|session|grpc)\b|^\/(exec|auth|session|grpc)\b/.test(path);
}

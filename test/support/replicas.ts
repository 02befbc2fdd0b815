import type { Replaced } from '../../runners/replicas/decide.ts';
import { start } from '../../runners/replicas/start.ts';
import { stop } from '../../runners/replicas/stop.ts';
import { strategy } from '../../runners/replicas/strategy.ts';
import type { AnyAction, Json } from '../../src/runner/contract.ts';
import { type Bench, bench } from './action-context.ts';
import type { TestStack } from './stack.ts';

/** One run of several actions, as the engine would carry it: each receipt is undone and settled by its own action. */
export type Sequence = {
  one: Bench;
  run(action: AnyAction, params: Record<string, unknown>): Promise<Record<string, Json>>;
  undo(): Promise<void>;
  settle(): Promise<void>;
  /** The same receipts with a context that nobody has cancelled, as the engine takes a run back. */
  uncut(): Promise<Pick<Sequence, 'undo' | 'settle'>>;
};

type Done = { action: AnyAction; receipt: Json };

export async function sequence(stack: TestStack): Promise<Sequence> {
  const open = () => bench(stack.folder, { project: stack.project, env: stack.env });
  const one = await open();
  const done: Done[] = [];
  return {
    one,
    async run(action, params) {
      const before = one.receipts.length;
      try {
        return await one.run(action, params);
      } finally {
        for (const receipt of one.receipts.slice(before)) done.push({ action, receipt });
      }
    },
    ...takingBack(done, one),
    uncut: async () => takingBack(done, await open()),
  };
}

function takingBack(done: readonly Done[], { context }: Bench): Pick<Sequence, 'undo' | 'settle'> {
  return {
    async undo() {
      for (const { action, receipt } of done.toReversed()) {
        if (typeof action.undo === 'function') await action.undo(receipt, context);
      }
    },
    async settle() {
      for (const { action, receipt } of done) await action.settle?.(receipt, context);
    },
  };
}

/** What replicas.strategy says is replaced in batches. */
export async function replacedServices({ one }: Sequence, params: Record<string, unknown> = {}): Promise<Replaced[]> {
  const outputs = await one.run(strategy, { order: 'auto', way: 'rolling', ...params });
  return outputs['services'] as unknown as Replaced[];
}

/** One batch: new ones are started, old ones stopped. Gives the new ones. */
export async function replaceBatch(
  run: Sequence,
  { service, old, order }: { service: string; old: readonly string[]; order: string },
): Promise<string[]> {
  const { containers } = await run.run(start, { service, replace: [...old], order });
  await run.run(stop, { service, containers: [...old] });
  return containers as string[];
}

/** IDs of the service's containers that run now. */
export async function runningOf(stack: TestStack, service: string): Promise<string[]> {
  const { containers } = await stack.state();
  const live = Object.values(containers).filter((each) => each.service === service && each.status === 'running');
  return live.map(({ id }) => id).toSorted();
}

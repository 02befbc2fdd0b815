import { crc32 } from 'node:zlib';
import type { RunEventBody } from '../../src/engine/events.ts';
import type { Journal, Ports, Receipts, World as WorldPort } from '../../src/engine/ports.ts';
import { Refusal } from '../../src/errors.ts';
import type { ScopeTypes } from '../../src/expression/scope.ts';
import type { Json, Look, Releases } from '../../src/runner/contract.ts';
import { runners } from './actions.ts';
import { isAway, openClient, wholeStack } from './client.ts';
import { kill } from './endings.ts';
import { WEATHER } from './plan.ts';

import { ACTOR, type Sim, type SimProcess } from './sim.ts';

/** What a process that carries a run gets from outside: each call waits for the scheduler, and may go wrong. */
export function portsOf(sim: Sim, process: SimProcess, types: ScopeTypes): Ports {
  return {
    clock: sim.scheduler.clockOf(process),
    journal: journal(sim, process),
    receipts: receipts(sim, process),
    world: worldPort(sim, process, types),
    control: { cancel: process.cancel.signal, abandon: process.abandon.signal },
    actor: ACTOR,
    process: process.ref,
    watch: () => undefined,
  };
}

/** It takes a moment; then it is done and the answer comes, or nothing is done and an error comes. */
function onDisk<T>(sim: Sim, process: SimProcess, work: () => T): Promise<T> {
  const { scheduler, random, faults, calm } = sim;
  return new Promise((resolve, reject) => {
    scheduler.post(process, () => {
      if (!calm && random.chance(faults.disk)) {
        sim.tell(() => `${process.name}: fault: the disk is full`);
        return reject(new Refusal('unavailable', 'no space left on the disk'));
      }
      try {
        const done = work();
        // Who was killed by it does not learn of it.
        if (process.state === 'alive') resolve(done);
      } catch (thrown) {
        reject(thrown);
      }
    });
  });
}

function journal(sim: Sim, process: SimProcess): Journal {
  const { store, scheduler, random, faults, invariants } = sim;
  const append = (body: RunEventBody) => {
    const event = store.append(process.run, body, scheduler.now(), process.lease?.fence ?? 0);
    sim.tell(() => `${process.name}: ${process.run}#${event.seq} ${said(body)} | ${sim.world.text()}`);
    invariants.stored(process, event);
    if (!sim.calm && random.chance(faults.killAfterEvent)) kill(sim, process);
    return event;
  };
  return {
    append: (body) =>
      onDisk(sim, process, () => append(body)).catch((thrown: unknown) => {
        process.refused ??= { by: thrown };
        throw thrown;
      }),
  };
}

function said({ type, ...about }: RunEventBody): string {
  return type === 'run.created' ? type : `${type} ${JSON.stringify(about)}`;
}

function receipts(sim: Sim, process: SimProcess): Receipts {
  const { files } = sim;
  return {
    // Named as `src/history/receipts.ts` names them.
    write: (step, receipt, content) =>
      onDisk(sim, process, () => {
        const bytes = JSON.stringify(content);
        const file = `receipts/${String(receipt).padStart(4, '0')}-${step}.${crc32(bytes).toString(16)}.json`;
        files.receipts.set(`${process.run}/${file}`, bytes);
        return { file, hmac: bytes };
      }),
    read: (ref) =>
      onDisk(sim, process, () => {
        const bytes = files.receipts.get(`${process.run}/${ref.file}`);
        if (bytes === ref.hmac) return JSON.parse(bytes) as Json;
        throw new Refusal('needs-decision', `the receipt ${ref.file} is not as the run wrote it`);
      }),
  };
}

function worldPort(sim: Sim, process: SimProcess, types: ScopeTypes): WorldPort {
  const { scheduler, files } = sim;
  const look = (signal: AbortSignal) =>
    ({ signal, clock: scheduler.clockOf(process), client: openClient(sim, process, signal) }) as unknown as Look;
  return {
    find: async (uses) => runners[uses],
    factNames: ['weather'],
    types: async () => types,
    async facts(names): Promise<Record<string, Json>> {
      if (names.length > 0) await wholeStack(sim, process, new AbortController().signal);
      return Object.fromEntries(names.map((name) => [name, WEATHER]));
    },
    look,
    scrubbedLook: look,
    context: {
      releases: {} as Releases,
      folder: '/nowhere',
      secret: async () => 'secret',
      evidence: (_, bytes) => onDisk(sim, process, () => bytes.length),
    },
    async adopt({ signal }) {
      await wholeStack(sim, process, signal);
      return onDisk(sim, process, () => undefined);
    },
    async completeAdoption({ signal }) {
      await wholeStack(sim, process, signal);
    },
    async capture({ signal }) {
      const values = await wholeStack(sim, process, signal);
      await onDisk(sim, process, () => files.before.set(process.run, JSON.stringify(values)));
      return { ran_before: Object.keys(values).length > 0 };
    },
    before: () => onDisk(sim, process, () => ({ services: {} })),
    async compare({ signal }) {
      const now = JSON.stringify(await wholeStack(sim, process, signal));
      const before = files.before.get(process.run);
      return { differences: now === before ? [] : [`it is ${now}, it was ${before}`], say: 'all is as it was' };
    },
    unreachable: async () => isAway(sim),
    mask: (line) => line,
  };
}

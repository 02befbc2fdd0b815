import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunEventBody } from '../../src/engine/events.ts';
import { Defect } from '../../src/errors.ts';
import { NO_LEASE, type Store } from '../../src/history/store.ts';
import { ana, begin, created, here, logged, refusalOf, release, stack, take } from './history-fixtures.ts';

/** What every Store must do, whatever stands behind it. `open` gives two views of one new history. */
export function describeStore(name: string, open: () => { store: Store; other: Store }): void {
  const fresh = () => {
    const both = open();
    onTestFinished(() => {
      both.store.close();
      both.other.close();
    });
    return both;
  };

  describe(`${name}: the journal`, () => {
    test('events must come back as they were given, numbered from 1 without gaps', () => {
      const { store, other } = fresh();
      const { fence } = take(store, 'k3f9');
      const bodies: RunEventBody[] = [
        created({ commit: '3c9e1f2', inputs: { tag: 'ä "quoted"\n{{x}} \u{1f600}', list: [1, null, { a: true }] } }),
        { type: 'run.started' },
        { type: 'step.failed', phase: 'steps', step: 'up', attempt: 1, error: { class: 'exit', message: 'no' } },
      ];
      const given = bodies.map((body, index) => store.append('k3f9', body, 1000 + index, fence));
      expect(given.map((event) => [event.run, event.seq, event.at])).toEqual([
        ['k3f9', 1, 1000],
        ['k3f9', 2, 1001],
        ['k3f9', 3, 1002],
      ]);
      expect(other.events('k3f9')).toEqual(given);
      expect(given).toEqual(bodies.map((body, index) => ({ run: 'k3f9', seq: index + 1, at: 1000 + index, ...body })));
      expect(other.events('none')).toEqual([]);
    });

    test('two runs must be numbered apart', () => {
      const { store } = fresh();
      const a = begin(store, 'aaaa');
      const b = begin(store, 'bbbb', { project: 'blog' });
      expect(store.append('aaaa', logged('x'), 1, a.fence).seq).toBe(3);
      expect(store.append('bbbb', logged('x'), 1, b.fence).seq).toBe(3);
    });

    test('a journal must begin with run.created, and hold it once', () => {
      const { store } = fresh();
      const { fence } = take(store, 'k3f9');
      expect(() => store.append('k3f9', { type: 'run.started' }, 1, fence)).toThrow(Defect);
      store.append('k3f9', created(), 1, fence);
      expect(() => store.append('k3f9', created(), 2, fence)).toThrow(Defect);
      expect(store.events('k3f9')).toHaveLength(1);
    });

    test('a writer with a stale fence must be refused, and nothing written (F69)', () => {
      const { store, other } = fresh();
      const old = begin(store, 'k3f9');
      const answer = other.acquire({ ...stack, run: 'k3f9', holder: { ...here, pid: 9 }, since: 6 }, () => true);
      if ('held' in answer) throw new Error('not taken over');
      expect(answer.got.fence).toBeGreaterThan(old.fence);
      const refusal = refusalOf(() => store.append('k3f9', logged('zombie'), 12, old.fence));
      expect(refusal.reason).toBe('locked');
      expect(refusal.message).toBe(
        'Run k3f9 no longer holds shop: another process carries it on. It stops here and writes nothing more.',
      );
      expect(other.events('k3f9')).toHaveLength(2);
      expect(other.append('k3f9', logged('heir'), 13, answer.got.fence).seq).toBe(3);
    });

    test('F49 a late report after the lease was given back must be refused', () => {
      const { store } = fresh();
      const lease = begin(store, 'k3f9');
      store.append('k3f9', { type: 'run.ended', status: 'succeeded', say: 'done' }, 12, lease.fence);
      store.release(lease);
      expect(refusalOf(() => store.append('k3f9', logged('late'), 13, lease.fence)).message).toContain(
        'nobody holds it',
      );
      take(store, 'm4x2');
      expect(refusalOf(() => store.append('k3f9', logged('late'), 13, lease.fence)).message).toContain(
        'run m4x2 holds it',
      );
    });

    test('a run without a lease may say that it waits and how it ended, but must not start, go on or change anything', () => {
      const { store } = fresh();
      begin(store, 'k3f9');
      store.append('m4x2', created(), 20, NO_LEASE);
      store.append('m4x2', { type: 'run.waiting', because: 'k3f9 holds shop' }, 21, NO_LEASE);
      expect(store.findRun('m4x2')).toMatchObject({ status: 'waiting', say: 'k3f9 holds shop' });
      const forbidden: RunEventBody[] = [
        { type: 'run.started' },
        { type: 'run.continued', process: here, because: 'resume', by: ana },
        { type: 'receipt.recorded', step: 'up', receipt: 1, ref: { file: 'receipts/1', hmac: '0' } },
      ];
      for (const event of forbidden) {
        expect(refusalOf(() => store.append('m4x2', event, 22, NO_LEASE)).reason).toBe('locked');
      }
      store.append('m4x2', { type: 'run.ended', status: 'cancelled', say: 'not waited for' }, 23, NO_LEASE);
      expect(store.events('m4x2')).toHaveLength(3);
    });

    test('a run that has started must not write without its lease', () => {
      const { store } = fresh();
      begin(store, 'k3f9');
      expect(refusalOf(() => store.append('k3f9', logged('x'), 12, NO_LEASE)).reason).toBe('locked');
    });
  });

  describe(`${name}: the list of runs`, () => {
    test('a row must follow the events of its run', () => {
      const { store, other } = fresh();
      const { fence } = begin(store, 'k3f9');
      expect(other.findRun('k3f9')).toEqual({
        ...stack,
        run: 'k3f9',
        playbook: 'deploy-stack',
        status: 'running',
        by: ana,
        process: here,
        created_at: 10,
        started_at: 11,
      });
      store.append('k3f9', { type: 'release.recorded', release: 'r3' }, 12, fence);
      store.append('k3f9', { type: 'run.ended', status: 'succeeded', say: '5 services' }, 13, fence);
      expect(other.findRun('k3f9')).toMatchObject({
        status: 'succeeded',
        release: 'r3',
        ended_at: 13,
        say: '5 services',
      });
      store.append(
        'k3f9',
        { type: 'run.continued', process: { ...here, pid: 7 }, because: 'undo', by: ana },
        14,
        fence,
      );
      const again = other.findRun('k3f9');
      expect(again).toMatchObject({ status: 'running', started_at: 11, process: { pid: 7 } });
      expect(again).not.toHaveProperty('ended_at');
    });

    test('an event that is refused must leave the row as it was', () => {
      const { store } = fresh();
      const { fence } = begin(store, 'k3f9');
      const before = store.findRun('k3f9');
      refusalOf(() => store.append('k3f9', { type: 'run.ended', status: 'failed', say: 'no' }, 12, fence + 1));
      expect(store.findRun('k3f9')).toEqual(before);
    });

    test('runs must come newest first, whatever the clock said, and by stack, status and number', () => {
      const { store } = fresh();
      begin(store, 'aaaa', { project: 'shop' });
      begin(store, 'bbbb', { project: 'blog' });
      store.append('cccc', created(), 1, NO_LEASE);
      store.append('cccc', { type: 'run.ended', status: 'no-go', say: 'ports' }, 2, NO_LEASE);
      const ids = (filter?: Parameters<Store['runs']>[0]) => store.runs(filter).map((row) => row.run);
      expect(ids()).toEqual(['cccc', 'bbbb', 'aaaa']);
      expect(ids({ limit: 1 })).toEqual(['cccc']);
      expect(ids({ project: 'shop' })).toEqual(['cccc', 'aaaa']);
      expect(ids({ project: 'shop', engine_id: 'other' })).toEqual([]);
      expect(ids({ statuses: ['no-go', 'failed'] })).toEqual(['cccc']);
      expect(ids({ statuses: [] })).toEqual([]);
    });

    test('a run must be found by any beginning of its id that fits no other', () => {
      const { store } = fresh();
      for (const run of ['k3f9', 'k3g0', 'k3f9a']) store.append(run, created(), 1, NO_LEASE);
      const find = (id: string) => store.findRun(id)?.run;
      expect([find('k3g'), find('K3G0'), find('k3f9'), find('k3f9a')]).toEqual(['k3g0', 'k3g0', 'k3f9', 'k3f9a']);
      expect([find(''), find('x'), find('k3f9aa'), find('%'), find('k_g')]).toEqual([...Array(5)].map(() => undefined));
      const refusal = refusalOf(() => store.findRun('k3'));
      expect([refusal.reason, refusal.message]).toEqual(['usage', 'k3 is the beginning of 3 runs: k3f9a, k3g0, k3f9.']);
    });
  });

  describe(`${name}: leases`, () => {
    test('F62 of two that ask for one stack one must get it, and the other learn who has it', () => {
      const { store, other } = fresh();
      const got = take(store, 'k3f9');
      const answer = other.acquire({ ...stack, run: 'm4x2', holder: { ...here, pid: 9 }, since: 6 }, () => false);
      expect(answer).toEqual({ held: got });
      expect(other.lease(stack.engine_id, stack.project)).toEqual(got);
    });

    test('stacks of one name on two engines, and two stacks of one engine, must not be in each other’s way', () => {
      const { store } = fresh();
      take(store, 'aaaa');
      expect(take(store, 'bbbb', { engine_id: 'E:2' }).run).toBe('bbbb');
      expect(take(store, 'cccc', { project: 'blog' }).run).toBe('cccc');
    });

    test('the fence must rise with each holder, also after a release', () => {
      const { store, other } = fresh();
      const first = take(store, 'aaaa');
      store.release(first);
      expect(store.lease(stack.engine_id, stack.project)).toBeUndefined();
      const second = take(other, 'bbbb');
      other.release(second);
      expect([first.fence, second.fence, take(store, 'cccc').fence]).toEqual([1, 2, 3]);
      expect(first.fence).toBeGreaterThan(NO_LEASE);
    });

    test('giving back a lease that has gone to somebody else must not take it from them', () => {
      const { store } = fresh();
      const old = take(store, 'aaaa');
      const answer = store.acquire({ ...stack, run: 'bbbb', holder: here, since: 6 }, (held) => held.run === 'aaaa');
      store.release(old);
      expect(store.lease(stack.engine_id, stack.project)).toEqual('got' in answer ? answer.got : undefined);
    });

    test('a question that throws must leave the lease with its holder', () => {
      const { store } = fresh();
      const held = take(store, 'aaaa');
      expect(() =>
        store.acquire({ ...stack, run: 'bbbb', holder: here, since: 6 }, () => {
          throw new Error('cannot tell');
        }),
      ).toThrow('cannot tell');
      expect(store.lease(stack.engine_id, stack.project)).toEqual(held);
      expect(take(store, 'cccc', { project: 'blog' }).fence).toBe(1);
    });
  });

  describe(`${name}: wishes, releases and durations`, () => {
    test('F66 a wish to cancel must reach the other process and stay', () => {
      const { store, other } = fresh();
      begin(store, 'k3f9');
      expect(store.cancelAsked('k3f9')).toBeUndefined();
      other.askCancel('k3f9', 'ana', 20);
      expect(store.cancelAsked('k3f9')).toEqual({ by: 'ana', at: 20 });
      other.askCancel('k3f9', 'bo', 30);
      expect(store.cancelAsked('k3f9')).toEqual({ by: 'bo', at: 30 });
    });

    test('releases must come newest first and belong to their stack', () => {
      const { store, other } = fresh();
      const releases = [release('found', { created_at: 9 }), release('r1', { commit: 'abc' }), release('r2')];
      for (const each of releases) store.saveRelease(each);
      store.saveRelease(release('r7', { project: 'blog' }));
      expect(other.releases(stack.engine_id, stack.project)).toEqual(releases.toReversed());
      other.removeRelease(stack.engine_id, stack.project, 'r1');
      store.saveRelease(release('r2', { commit: 'def' }));
      expect(store.releases(stack.engine_id, stack.project).map((each) => [each.id, each.commit])).toEqual([
        ['r2', 'def'],
        ['found', undefined],
      ]);
    });

    test('durations must be those of this stack and this name, newest first', () => {
      const { store, other } = fresh();
      const shop = begin(store, 'aaaa');
      const blog = begin(store, 'bbbb', { project: 'blog' });
      const measure = (run: string, fence: number, what: string, ms: number) =>
        store.append(run, { type: 'step.measured', step: 'up', what, ms }, 1, fence);
      for (const ms of [1380, 1420.5, 0]) measure('aaaa', shop.fence, 'gap:web', ms);
      measure('aaaa', shop.fence, 'gap:api', 7);
      measure('bbbb', blog.fence, 'gap:web', 8);
      const { engine_id, project } = stack;
      expect(other.measured(engine_id, project, 'gap:web', 10)).toEqual([0, 1420.5, 1380]);
      expect(other.measured(engine_id, project, 'gap:web', 1)).toEqual([0]);
      expect(other.measured(engine_id, project, 'none', 10)).toEqual([]);
    });
  });

  describe(`${name}: retention`, () => {
    const ended = (store: Store, run: string) => {
      store.append(run, created(), 1, NO_LEASE);
      store.append(run, { type: 'run.ended', status: 'no-go', say: 'ports' }, 2, NO_LEASE);
      store.askCancel(run, 'ana', 3);
    };

    test('what is taken out must be gone with its events and wishes, and nothing else', () => {
      const { store, other } = fresh();
      for (const run of ['aaaa', 'bbbb', 'cccc']) ended(store, run);
      store.retire(['aaaa', 'cccc']);
      store.compact();
      expect(other.runs().map(({ run }) => run)).toEqual(['bbbb']);
      expect([other.events('aaaa'), other.cancelAsked('aaaa')]).toEqual([[], undefined]);
      expect([other.events('bbbb').length, other.cancelAsked('bbbb')?.by]).toEqual([2, 'ana']);
      ended(store, 'aaaa');
      expect(other.events('aaaa')).toHaveLength(2);
    });

    test('a run that has not ended must not be taken out, nor any that was to go with it', () => {
      const { store } = fresh();
      ended(store, 'aaaa');
      begin(store, 'bbbb');
      expect(refusalOf(() => store.retire(['aaaa', 'bbbb'])).message).toContain('Run bbbb has not ended');
      expect([store.events('aaaa').length, store.events('bbbb').length]).toEqual([2, 2]);
    });

    test('durations must outlive the run they were taken in', () => {
      const { store, other } = fresh();
      const lease = begin(store, 'aaaa');
      store.append('aaaa', { type: 'step.measured', step: 'up', what: 'gap:web', ms: 7 }, 12, lease.fence);
      store.append('aaaa', { type: 'run.ended', status: 'succeeded', say: 'done' }, 13, lease.fence);
      store.retire(['aaaa']);
      expect(other.measured(stack.engine_id, stack.project, 'gap:web', 9)).toEqual([7]);
    });
  });
}

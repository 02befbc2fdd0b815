import { describe, expect, it } from 'vitest';
import { sayDetails } from '../../src/plan/say-details.ts';
import { shownChanges } from '../../src/plan/shown-changes.ts';
import type { Plan, PlannedChange } from '../../src/plan/types.ts';
import { watched } from '../../src/plan/watched.ts';

const batch = (of: number, more = {}) => ({ loop: 'batches', batch: 1, of, ...more });

const change = (step: string, more: Partial<PlannedChange> = {}): PlannedChange => ({
  step,
  verb: 'recreate',
  target: 'web',
  because: ['the image differs'],
  certainty: 'certain',
  ...more,
});

const shown = (changes: PlannedChange[], steps: Partial<Plan['steps'][number]>[] = [], until = 'soak') =>
  shownChanges({ changes, steps: steps as Plan['steps'], way_back: { until, impossible: [] } });

describe('changes as people see them', () => {
  it('must show all batches of a service once, with what stops in them', () => {
    const of = { in_batch: batch(2, { size: 1, delay: 5000 }) };
    const [web, ...others] = shown([
      change('start[1.1]', { ...of, kept: 'what runs now, stopped' }),
      change('stop[1.1]', {
        ...of,
        verb: 'stop',
        because: ['1 container is let go'],
        kept: 'what runs now, stopped',
      }),
      change('start[1.2]', { ...of, kept: 'what runs now, stopped' }),
    ]);
    expect(others).toEqual([]);
    expect(web).toMatchObject({ step: 'start', verb: 'recreate', because: ['the image differs'] });
    expect(web && sayDetails(web)).toEqual([
      '2 replicas in batches of 1 and 1, 5 s between',
      'kept for the way back: what runs now, stopped',
    ]);
  });

  it('must not hide that a service is down in one batch, or that one is not certain', () => {
    const [web] = shown([
      change('start[1]', { in_batch: batch(2), downtime: { kind: 'none', because: 'others serve' } }),
      change('start[2]', {
        in_batch: batch(2),
        downtime: { kind: 'gap', because: 'it was the last' },
        certainty: 'likely',
      }),
    ]);
    expect(web).toMatchObject({ certainty: 'likely', downtime: { kind: 'gap' } });
  });

  it('must show changes of the same target apart where they stand in no batch', () => {
    const two = [change('up', { target: 'migrate', verb: 'create' }), change('up', { target: 'migrate', verb: 'run' })];
    expect(shown(two).map(({ verb }) => verb)).toEqual(['create', 'run']);
  });

  it('must show stopping by itself where nothing is made in its place', () => {
    const stop = change('stop[1]', { verb: 'stop', in_batch: batch(1) });
    expect(shown([stop]).map(({ verb }) => verb)).toEqual(['stop']);
  });

  it('must show what is switched at the edge once per service, with all its causes', () => {
    const route = (step: string, because: string) => change(step, { verb: 'route', because: [because] });
    expect(shown([route('shift[1]', '10 %'), route('shift[2]', '100 %'), route('edge', '100 %')])).toMatchObject([
      { verb: 'route', because: ['10 %', '100 %'] },
    ]);
  });

  it('must say who gets requests with the service that is replaced behind the edge', () => {
    const route = change('join[1]', { verb: 'route', because: ['the new one gets requests'], in_batch: batch(1) });
    const [web, ...others] = shown([change('start[1]', { in_batch: batch(1) }), route]);
    expect(others).toEqual([]);
    expect(web && sayDetails(web)).toEqual(['at the edge: the new one gets requests']);
  });

  it('must say what the driver of the edge can once, on a line of its own', () => {
    const route = (step: string, more: Partial<PlannedChange>) =>
      change(step, { verb: 'route', in_batch: batch(2), ...more });
    const [web] = shown([
      change('start[1]', { in_batch: batch(2) }),
      route('join[1]', { because: ['it gets requests'], how: 'haproxy waits' }),
      route('join[2]', { because: ['it gets requests'] }),
    ]);
    expect(web && sayDetails(web)).toEqual(['at the edge: it gets requests', 'haproxy waits']);
  });

  it('must not say what the edge may have to put right beside what is switched for certain', () => {
    const route = (certainty: PlannedChange['certainty'], because: string) =>
      change('edge', { verb: 'route', certainty, because: [because] });
    expect(shown([route('certain', '10 %'), route('likely', 'its containers change')])).toMatchObject([
      { because: ['10 %'], certainty: 'certain' },
    ]);
    expect(shown([route('likely', 'its containers change')])).toMatchObject([{ certainty: 'likely' }]);
  });

  it('must not speak of what is kept where there is no way back, or none any more', () => {
    const steps = [
      { id: 'roll' },
      { id: 'start', inside: 'roll' },
      { id: 'soak' },
      { id: 'retire' },
      { id: 'stop', inside: 'retire' },
    ];
    const changes = [
      change('start[1]', { in_batch: batch(1), kept: 'what runs now, still running' }),
      change('stop[1]', { verb: 'stop', in_batch: batch(1), kept: 'what runs now, stopped' }),
    ];
    expect(shown(changes, steps)).toMatchObject([{ kept: ['what runs now, still running'] }]);
    expect(shown(changes, steps, '')).toMatchObject([{ kept: [] }]);
  });

  it('must show a block that is not known yet once, by its own name', () => {
    const open = (step: string) => change(step, { verb: 'execute', target: step, open: true, certainty: 'unknown' });
    const steps = [
      { id: 'roll' },
      { id: 'batches', inside: 'roll' },
      { id: 'start', inside: 'batches' },
      { id: 'stop', inside: 'batches' },
    ];
    expect(shown([open('start'), open('stop')], steps)).toMatchObject([{ target: 'roll', step: 'roll', open: true }]);
  });

  it('must say how a service is replaced with the service, and a reason once', () => {
    const because = 'it publishes port 80 itself';
    const [web] = shown([
      change('strategy', { verb: 'keep', target: 'strategy of web', because: [`stop-first: ${because}`] }),
      change('start[1]', { in_batch: batch(1), downtime: { kind: 'gap', because, ms: 1900 } }),
    ]);
    expect(web && sayDetails(web)).toEqual([`stop-first: ${because}`, 'down for about 1.9 s']);
  });
});

describe('what is watched', () => {
  const trigger = { id: 'errors', uses: 'watch.logs', say: 'more than 10 lines', from: 'start', until: 'soak' };

  it('must be nothing at all where there are no triggers', () => {
    expect(watched({ triggers: [] })).toEqual([]);
  });

  it('must be said with its window, and what does not watch with its reason', () => {
    const off = { ...trigger, id: 'down', off: '`has(inputs.url)` is false' };
    expect(watched({ triggers: [{ ...trigger, window: 300_000 }, off] })).toEqual([
      'more than 10 lines',
      '  from the first change on until `soak` has ended, for 5 min at least',
      'not watched: down, as `has(inputs.url)` is false',
    ]);
    expect(watched({ triggers: [off] })[0]).toBe('nothing');
  });
});

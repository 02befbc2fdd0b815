import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../runners/clients/http.ts';
import { type Expected, excerpt, fault } from '../../../runners/http/answer.ts';
import { sumUp, verdict } from '../../../runners/http/decide.ts';
import { atPointer } from '../../../runners/http/pointer.ts';

function answer(more: Partial<HttpAnswer> = {}): HttpAnswer {
  return { status: 200, headers: {}, body: '', cut: false, first_byte_ms: 1, total_ms: 2, ...more };
}

const json = { body: '{"status":"ok","checks":[{"db":true,"lag":1.5}],"a/b":null}' };

describe('one answer', () => {
  const good: [string, Partial<HttpAnswer>, Partial<Expected>][] = [
    ['a status of the class', { status: 204 }, {}],
    ['a status of the list', { status: 404 }, { status: ['2xx', 404] }],
    ['the text', { body: 'shop 1.5.0' }, { contains: '1.5' }],
    ['the pattern', { body: 'shop 1.5.0' }, { matches: '\\d+\\.\\d+' }],
    ['the value in its JSON', json, { json: { '/status': 'ok', '/checks/0/db': true, '/a~1b': null } }],
    ['a whole part of its JSON', json, { json: { '/checks': [{ lag: 1.5, db: true }] } }],
    [
      'the header',
      { headers: { 'content-type': 'text/html; charset=utf-8' } },
      { header: { 'Content-Type': 'text/html' } },
    ],
    ['enough speed', {}, { faster_than: 2 }],
  ];
  it.each(good)('must be good with %s', (_what, given, expected) => {
    expect(fault(answer(given), { status: ['2xx'], ...expected })).toBeUndefined();
  });

  const bad: [string, Partial<HttpAnswer>, Partial<Expected>, string][] = [
    [
      'another status',
      { status: 500, body: 'cannot reach\n db:5432' },
      {},
      'the status is 500, expected was 2xx (cannot reach db:5432)',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: '/login' } },
      {},
      'the status is 302, expected was 2xx (to /login)',
    ],
    ['no such text', { body: 'shop 1.4' }, { contains: '1.5' }, 'the body lacks "1.5": "shop 1.4"'],
    ['no match', {}, { matches: 'ok|fine' }, 'the body does not match /ok|fine/: it is empty'],
    ['another value', json, { json: { '/status': 'fine' } }, '/status is "ok", expected was "fine"'],
    ['nothing at the pointer', json, { json: { '/checks/7/db': true } }, 'the JSON has nothing at /checks/7/db'],
    ['no JSON', { body: '<html>' }, { json: { '/status': 'ok' } }, 'the body is no JSON: "<html>"'],
    ['no header', {}, { header: { etag: 'x' } }, 'it has no header etag'],
    ['too little speed', { total_ms: 900 }, { faster_than: 500 }, 'it took 900 ms, allowed are 500 ms'],
  ];
  it.each(bad)('must say what is wrong: %s', (_what, given, expected, say) => {
    expect(fault(answer(given), { status: ['2xx'], ...expected })).toBe(say);
  });

  it('must be matched in linear time, whatever the pattern', () => {
    const evil = answer({ body: `${'a'.repeat(50_000)}!` });
    expect(fault(evil, { status: ['2xx'], matches: '^(a+)+$' })).toContain('does not match');
  });

  it.each([
    ['lists', '['.repeat(100_000), ']'.repeat(100_000)],
    ['maps', '{"a":'.repeat(100_000), `1${'}'.repeat(100_000)}`],
  ])('that is nested without end must be no more than another value: %s', (_what, open, close) => {
    const deep = answer({ body: `{"status":${open}${close}}` });
    expect(fault(deep, { status: ['2xx'], json: { '/status': 'ok' } })).toBe(
      '/status is nested too deeply to be shown, expected was "ok"',
    );
    expect(fault(deep, { status: ['2xx'], json: { '/status': { a: [1] } } })).toContain('/status is nested too deeply');
  });

  it('must be shown on one line and not in full', () => {
    expect(excerpt(`a\n  b${'c'.repeat(300)}`)).toHaveLength(200);
  });

  it('must not be read past its own keys', () => {
    expect(atPointer({ a: 1 }, '/constructor/name')).toBeUndefined();
    expect(atPointer({ a: 1 }, '')).toEqual({ a: 1 });
  });
});

describe('all answers together', () => {
  const samples = [
    { status: 200, latency_ms: 4, body: 'a' },
    { status: 500, latency_ms: 9, body: 'b', fault: 'the status is 500' },
    { fault: 'GET http://web/ failed: connection refused' },
  ];

  it('must be summed up for conditions', () => {
    expect(sumUp(samples)).toEqual({
      ok: 1,
      failed: 2,
      samples: 3,
      status: 500,
      latency_ms: { median: 4, max: 9 },
      body_excerpt: 'b',
      say: '1 of 3 answers are good, the last one 500',
    });
    expect(sumUp([{ status: 200, latency_ms: 1, body: '' }]).say).toBe('it answers 200');
    expect(sumUp([])).toMatchObject({ ok: 0, status: 0, latency_ms: { median: 0, max: 0 } });
  });

  it.each([
    [
      3,
      'GET http://web/: 1 of 3 answers were good, all must be; the last bad one: GET http://web/ failed: connection refused',
    ],
    [
      2,
      'GET http://web/: 1 of 3 answers were good, at least 2 must be; the last bad one: GET http://web/ failed: connection refused',
    ],
    [1, undefined],
    [0, undefined],
  ])('must be enough by count: at least %i', (atLeast, say) => {
    expect(verdict('GET http://web/', samples, atLeast)).toBe(say);
  });
});

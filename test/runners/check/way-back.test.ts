import { describe, expect, it } from 'vitest';
import { decideWayBack, type WayBackFacts } from '../../../runners/check/decide-way-back.ts';
import { unsetVariables } from '../../../runners/check/judge-way-back.ts';

const web = { name: 'shop-web-1', image: 'shop/web:1', image_here: true, missing_volumes: [] };

function judge(more: Partial<WayBackFacts>) {
  return decideWayBack({ containers: [web], unset: [], ...more });
}

describe('the way back', () => {
  it('must say that what runs will be kept where there is no release yet', () => {
    expect(judge({})).toMatchObject({
      verdict: 'go',
      say: '1 container can be put back; there is no release yet: what runs now will be kept as release "found".',
    });
  });

  it('must be to remove what is made, where nothing runs', () => {
    expect(judge({ containers: [] })).toMatchObject({
      verdict: 'go',
      say: expect.stringContaining('nothing runs yet'),
    });
  });

  it('must name the release and its age', () => {
    const release = { id: 'r12', age_ms: 180_000, images: 5, missing: [] };
    expect(judge({ release }).say).toBe(
      '1 container can be put back; release r12 of 3 min ago: 5 of 5 images are here.',
    );
  });

  it('must say of a release that was made a moment ago that it is new', () => {
    expect(judge({ release: { id: 'r1', age_ms: 0, images: 1, missing: [] } }).say).toContain(
      'release r1 of a moment ago',
    );
  });

  it.each([
    [
      'F44 the image of what runs is gone',
      { containers: [{ ...web, image_here: false }] },
      'the image that shop-web-1 (shop/web:1) runs is gone',
    ],
    [
      'an anonymous volume is gone',
      { containers: [{ ...web, missing_volumes: ['0a1b'] }] },
      'shop-web-1 uses 1 volume that is gone: 0a1b',
    ],
    [
      'a variable of a secret is not set',
      { unset: [{ variable: 'TOKEN', used_by: 'secret token' }] },
      'TOKEN (secret token) is not set',
    ],
    ['the disk is full', { disk: 1024 }, '104856576 bytes are missing'],
  ])('must be a no-go where %s', (_what, more, part) => {
    const judged = judge(more);
    expect(judged.verdict).toBe('no-go');
    expect(judged.say).toContain(part);
    expect(judged.hint).toBeDefined();
  });

  it('F56 must warn where images of the release are gone, as this run can still be undone', () => {
    const judged = judge({ release: { id: 'r3', age_ms: 0, images: 2, missing: ['web'] } });
    expect(judged).toMatchObject({
      verdict: 'warn',
      say: expect.stringContaining('1 of 2 images of release r3 is gone (web)'),
    });
  });

  it('must find the variables that secrets and configs are read from', () => {
    const model = {
      name: 'shop',
      services: {},
      secrets: { token: { environment: 'TOKEN' }, file: { file: '/x' } },
      configs: { motd: { environment: 'MOTD' } },
    };
    expect(unsetVariables(model, { MOTD: '' })).toEqual([{ variable: 'TOKEN', used_by: 'secret token' }]);
  });
});

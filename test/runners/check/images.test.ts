import { describe, expect, it } from 'vitest';
import { decideImages, type ImageFacts } from '../../../runners/check/decide-images.ts';

function image(more: Partial<ImageFacts> = {}): ImageFacts {
  return { image: 'shop/web:1', services: ['web'], here: false, policy: 'newer', ...more };
}

const gone = { class: 'not-found', message: 'The registry has no image shop/web:1.', hint: 'Check the name.' } as const;
const denied = { class: 'auth', message: 'The registry does not let us read shop/web:1.', hint: 'Log in.' } as const;
const away = { class: 'transient', message: 'The registry of shop/web:1 cannot be reached.' } as const;

describe('an image', () => {
  it.each([
    ['is here', image({ here: true }), 'go', 'the image is here.'],
    ['is here and at the registry', image({ here: true, registry: 'has it' }), 'go', 'the image is here.'],
    ['can be pulled', image({ registry: 'has it' }), 'go', '1 can be pulled.'],
    ['can be built', image({ build: { fault: null } }), 'go', '1 can be built.'],
    [
      'F03 is at no registry',
      image({ registry: gone }),
      'no-go',
      'shop/web:1 (web) is not here, and cannot be pulled: The registry has no image shop/web:1.',
    ],
    ['may not be read', image({ registry: denied }), 'no-go', 'does not let us read'],
    ['is behind a registry that is away', image({ registry: away }), 'no-go', 'cannot be reached'],
    [
      'is here, the registry is away',
      image({ here: true, registry: away }),
      'warn',
      'is here, but cannot be asked for anew',
    ],
    ['is here, the registry lost it', image({ here: true, registry: gone }), 'warn', 'is here, but'],
    ['may never be pulled', image({ policy: 'never' }), 'no-go', 'pull_policy is never'],
    [
      'cannot be built',
      image({ build: { fault: 'there is no file /shop/Dockerfile' } }),
      'no-go',
      'there is no file /shop/Dockerfile',
    ],
    [
      'is here, but cannot be built anew',
      image({ here: true, build: { fault: 'there is no folder /shop' } }),
      'warn',
      'is here, but cannot be built anew',
    ],
  ] as const)('that %s', (_what, facts, verdict, part) => {
    const judged = decideImages([facts]);
    expect(judged.verdict).toBe(verdict);
    expect(judged.say).toContain(part);
  });

  it('must hand on what the registry says to do', () => {
    expect(decideImages([image({ registry: denied })]).hint).toBe('Log in.');
  });

  it('must be counted where all is well', () => {
    const all = [image({ here: true }), image({ registry: 'has it' }), image({ build: { fault: null } })];
    expect(decideImages(all).say).toBe('1 image is here, 1 can be pulled, 1 can be built.');
  });

  it('must each be named where several are missing', () => {
    const judged = decideImages([image({ registry: gone }), image({ image: 'b', registry: denied })]);
    expect(judged.say).toMatch(/shop\/web:1 \(web\).*; b \(web\)/);
  });
});

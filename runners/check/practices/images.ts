import { splitTag } from '../../clients/image-name.ts';
import type { Finder, Subject } from './subject.ts';

/** Which version runs. What is built here has the version of its files. */

export const imageLatest: Finder = (subject) => {
  const tag = tagOf(subject);
  return tag === 'latest' ? [{ say: `runs ${subject.config.image}, whatever that is by now`, at: ['image'] }] : [];
};

export const imageMovingTag: Finder = (subject) => {
  const tag = tagOf(subject);
  const moves = tag !== undefined && tag !== 'latest' && !/\d/.test(tag);
  return moves ? [{ say: `runs ${subject.config.image}, a tag that moves`, at: ['image'] }] : [];
};

function tagOf({ config: { image, build } }: Subject): string | undefined {
  if (image === undefined || build || image.includes('@')) return undefined;
  return splitTag(image).tag;
}

import { isTemplate, parseTemplate, TemplateFault } from '../template/parse.ts';

/** The paths a template refers to; none for a broken one, which is reported where it is checked. */
export function referencesOf(text: string): (readonly string[])[] {
  if (!isTemplate(text)) return [];
  try {
    return parseTemplate(text).flatMap((part) => (typeof part === 'string' ? [] : [part.path]));
  } catch (error) {
    if (error instanceof TemplateFault) return [];
    throw error;
  }
}

/** One key of the language: what it means, what it takes, and how it looks. */
export type KeyEntry = { description: string; shape: string; example: string };

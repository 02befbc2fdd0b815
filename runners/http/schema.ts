import type { JsonSchema } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';

/** What `http.check` takes. */
export const checkParams: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: { type: 'string', format: 'url', 'x-untainted': true, description: 'The address to ask, http or https.' },
    method: { type: 'string', enum: ['GET', 'HEAD', 'POST'], default: 'GET', description: 'How to ask.' },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', 'x-secret': true },
      description: 'Headers to send, by name; a value may be a secret.',
    },
    body: { type: 'string', description: 'What to send with a POST.' },
    status: {
      type: 'array',
      items: {
        anyOf: [
          { type: 'integer', minimum: 100, maximum: 599 },
          { type: 'string', pattern: '^[1-5]xx$' },
        ],
      },
      minItems: 1,
      default: ['2xx'],
      description: 'Which statuses are good: numbers, or classes such as 2xx.',
      examples: [['2xx', 404]],
    },
    contains: { type: 'string', minLength: 1, description: 'A text that the body must have.' },
    matches: { type: 'string', format: 'regex', description: 'A regular expression (RE2) that the body must match.' },
    json: {
      type: 'object',
      additionalProperties: {},
      propertyNames: { pattern: '^(/.*)?$', title: 'a JSON pointer such as `/status`' },
      minProperties: 1,
      description: 'What a JSON body must hold: a value by JSON pointer, such as /checks/0/status.',
      examples: [{ '/status': 'ok' }],
    },
    header: {
      type: 'object',
      additionalProperties: { type: 'string' },
      minProperties: 1,
      description: 'Headers that the answer must have, with a text that each must contain.',
    },
    faster_than: { type: 'string', format: 'duration', description: 'How long a good answer may take.' },
    samples: { type: 'integer', minimum: 1, maximum: 1000, default: 1, description: 'How many times to ask.' },
    at_least: {
      type: 'integer',
      minimum: 0,
      description: 'How many answers must be good; left out: all. With 0 only `expect` decides.',
    },
    every: { type: 'string', format: 'duration', default: '500ms', description: 'The pause between two requests.' },
    each_within: {
      type: 'string',
      format: 'duration',
      default: '5s',
      description: 'How long one request may take; longer is no answer.',
    },
    wait_up_to: {
      type: 'string',
      format: 'duration',
      default: '10s',
      description: 'How long to wait for the first answer of a service that does not accept connections yet.',
    },
    follow: {
      type: 'boolean',
      default: false,
      description: 'Whether to follow redirects; else a redirect is the answer.',
    },
  },
};

/** What it gives. */
export const checkOutputs: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['ok', 'failed', 'samples', 'status', 'latency_ms', 'body_excerpt', 'say'],
  properties: {
    ok: { type: 'integer', description: 'How many answers were good.' },
    failed: { type: 'integer', description: 'How many were not, or did not come.' },
    samples: { type: 'integer', description: 'How many times it asked.' },
    status: { type: 'integer', description: 'Status of the last answer, 0 where there was none.' },
    latency_ms: {
      type: 'object',
      additionalProperties: false,
      required: ['median', 'max'],
      description: 'How long the answers took, in milliseconds.',
      properties: {
        median: { type: 'integer', description: 'The middle one.' },
        max: { type: 'integer', description: 'The longest one.' },
      },
    },
    body_excerpt: { type: 'string', description: 'The beginning of the last body.' },
    say: sayOutput,
  },
};

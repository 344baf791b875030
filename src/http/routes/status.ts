/** How the service stands: in full for people who signed in, in one word for machines that watch it. */
import { z } from 'zod';
import { FortnightError } from '../../base/errors.ts';
import { Status } from '../api/index.ts';
import { guarded, open } from '../route.ts';

const Word = z.strictObject({ status: z.literal('ok') });

export const status = guarded({
  method: 'GET',
  path: '/api/v1/status',
  summary: 'How the service stands',
  allow: 'status.read',
  output: { status: 200, json: Status },
  handle: ({ deps }) => ({ status: 200, json: deps.health.status() }),
});

export const alive = open({
  method: 'GET',
  path: '/healthz',
  summary: 'Answers while the process does',
  output: { status: 200, json: Word },
  handle: () => ({ status: 200, json: { status: 'ok' } }),
});

export const ready = open({
  method: 'GET',
  path: '/readyz',
  summary: 'Answers 200 when footage can be indexed, seen and deleted, else 503; never why',
  output: { status: 200, json: Word },
  handle: ({ deps }) => {
    if (!deps.health.ready()) throw new FortnightError('busy', 'not ready');
    return { status: 200, json: { status: 'ok' } };
  },
});

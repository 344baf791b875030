/** Answers of the mock: JSON through the API's schema, nothing, a file or one range of it. */
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';

export function send<S extends z.ZodType>(res: ServerResponse, schema: S, value: z.input<S>): void {
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify(schema.parse(value)));
}

export function sendNothing(res: ServerResponse): void {
  res.writeHead(204);
  res.end();
}

export function sendFile(res: ServerResponse, file: string, type: string): void {
  res.writeHead(200, { 'content-type': type });
  res.end(readFileSync(file));
}

export function sendRange(req: IncomingMessage, res: ServerResponse, file: string): void {
  const { size } = statSync(file);
  const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(req.headers.range ?? '') ?? [];
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  const bytes = readFileSync(file).subarray(first, last + 1);
  res.writeHead(206, {
    'content-type': 'video/mp4',
    'accept-ranges': 'bytes',
    'content-length': bytes.length,
    'content-range': `bytes ${String(first)}-${String(last)}/${String(size)}`,
  });
  res.end(bytes);
}

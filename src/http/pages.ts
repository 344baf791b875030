/**
 * The built page: a few files read once at start and served from memory by their exact names. There is no way from a
 * request to a path. Files need no session: they say nothing; their data does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { NextFunction, Request, Response } from 'express';
import { FortnightError } from '../base/errors.ts';
import { Refusal } from './problems.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

const MAX_FILES = 300;
const MAX_BYTES = 16 * 1024 * 1024;

interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Files under assets/ carry a hash of their content in their name. */
  readonly immutable: boolean;
}

/** Serves the files below `dir`; index.html also as `/`. Throws `tool_missing` when there is no page. */
export function pages(dir: string): (req: Request, res: Response, next: NextFunction) => void {
  const files = load(dir);
  return (req, res, next) => {
    const file = files.get(req.path);
    if (file === undefined) {
      next();
      return;
    }
    if (req.method !== 'GET' && req.method !== 'HEAD')
      throw new Refusal('method_not_allowed', 'a page can only be read', { headers: { allow: 'GET, HEAD' } });
    if (file.immutable) res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    res.setHeader('Content-Type', file.type);
    res.setHeader('Content-Length', file.bytes.length);
    res.end(req.method === 'HEAD' ? undefined : file.bytes);
  };
}

function load(dir: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  let total = 0;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dir.length).replace(/^\/*/, '/');
    const bytes = readFileSync(path);
    total += bytes.length;
    if (files.size >= MAX_FILES || total > MAX_BYTES)
      throw new FortnightError('tool_missing', 'the directory of the page holds more than a page');
    files.set(name, { type, bytes, immutable: name.startsWith('/assets/') });
  }
  const index = files.get('/index.html');
  if (index === undefined) {
    throw new FortnightError('tool_missing', 'the page is not built', { hint: 'npm run build' });
  }
  return files.set('/', index);
}

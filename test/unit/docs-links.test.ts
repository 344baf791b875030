import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const TOP = new URL('../..', import.meta.url).pathname;

function documents(): string[] {
  const below = readdirSync(join(TOP, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...below.filter((f) => f.endsWith('.md')).map((f) => `docs/${f}`)];
}

/** Links of a document, code left out. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((m) => m[1]!);
}

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((m) =>
    m[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(document: string, text: string): string[] {
  return linksOf(text)
    .filter((link) => !/^(https?|mailto):/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(TOP, document) : resolve(TOP, dirname(document), path);
      if (!existsSync(target) || relative(TOP, target).startsWith('..')) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    })
    .map((link) => `${document}: ${link}`);
}

const read = (path: string): string => readFileSync(join(TOP, path), 'utf8');

describe('the documents', () => {
  it('hold no link that leads nowhere', () => {
    expect(documents().flatMap((d) => brokenLinks(d, read(d)))).toEqual([]);
  });

  it('would be caught with one', () => {
    expect(brokenLinks('README.md', '[a](docs/none.md) [b](README.md#none) `[c](d)`')).toEqual([
      'README.md: docs/none.md',
      'README.md: README.md#none',
    ]);
  });

  it('are all reached from the README', () => {
    const reached = new Set<string>();
    const visit = (document: string): void => {
      if (reached.has(document)) return;
      reached.add(document);
      for (const link of linksOf(read(document))) {
        const path = relative(TOP, resolve(TOP, dirname(document), link.split('#')[0]!));
        if (path.endsWith('.md') && existsSync(join(TOP, path))) visit(path);
      }
    };
    visit('README.md');
    expect(documents().filter((d) => !reached.has(d))).toEqual([]);
  });

  it('name no file of the repository that is not there', () => {
    const named = documents().flatMap((d) =>
      [...read(d).matchAll(/`((?:src|test|docs|config|systemd)\/[\w./-]+\.\w+)`/g)].map(
        (m) => `${d}: ${m[1]!}`,
      ),
    );
    expect(named.filter((n) => !existsSync(join(TOP, n.split(': ')[1]!)))).toEqual([]);
  });

  it('cite names, never line numbers', () => {
    expect(documents().filter((d) => /\.ts:\d+|\.ts#L\d+/.test(read(d)))).toEqual([]);
  });
});

describe('the guide to alarms', () => {
  it('explains every alarm code, and no other', () => {
    const codes = [...read('src/alarms/alarms.ts').matchAll(/^ {2}\| '(\w+)'/gm)].map((m) => m[1]!);
    const explained = [...read('docs/guide/alarms.md').matchAll(/^\| `(\w+)`/gm)].map((m) => m[1]!);
    expect(codes.length).toBeGreaterThan(15);
    expect(explained.sort()).toEqual(codes.sort());
  });
});

describe('the decisions', () => {
  it('are numbered without a gap and each listed', () => {
    const files = readdirSync(join(TOP, 'docs/decisions'))
      .filter((f) => f !== 'README.md')
      .sort();
    expect(files.map((f) => Number(f.slice(0, 4)))).toEqual(files.map((_, i) => i + 1));
    expect(linksOf(read('docs/decisions/README.md')).sort()).toEqual(files);
  });
});

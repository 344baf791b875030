import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileLayout } from '../../src/clips/layouts/index.ts';
import { fsyncsOf } from '../bench/deletion.ts';
import { asJsonLines, asTable, FIGURE_NAMES, judge, median, percentile, rounded } from '../bench/figures.ts';
import { combine, groupsFor, readOptions } from '../bench/run.ts';
import { CAMERAS, CLIP_MS, clipsFrom, writeTree } from '../bench/trees.ts';
import { PROCESS_HANG_MS } from '../support/hang.ts';

const T0 = Date.UTC(2026, 10, 20, 22, 59, 50);

describe('the bench', () => {
  it('knows every figure that is promised, with its limit', () => {
    const promised = {
      'ingest-vs-ffprobe': ['>=', 500],
      'ingest-vs-floor': ['<=', 4],
      'ingest-rss-mb': ['<', 250],
      'watches-per-directory': ['<=', 2],
      'coverage-day-p99-ms': ['<', 5],
      'coverage-all-p99-ms': ['<', 50],
      'page-500-p99-ms': ['<', 5],
      'start-million-s': ['<', 5],
      'million-rss-mb': ['<', 300],
      'reconcile-million-s': ['<', 60],
      'hold-201-s': ['<', 2],
      'hold-loop-max-ms': ['<', 250],
      'delete-vs-find': ['<=', 2],
      'preserve-vs-cp': ['>=', 0.7],
      'range-tls-vs-nginx': ['>=', 0.8],
      'range-plain-vs-nginx': ['>=', 1.2],
      'loop-delay-p99-ms': ['<', 50],
    } as const;
    expect([...FIGURE_NAMES].sort()).toEqual(Object.keys(promised).sort());
    for (const name of FIGURE_NAMES) {
      const [sign, limit] = promised[name];
      expect(judge(name, limit).ok, `${name} at its limit`).toBe(sign !== '<');
      expect(judge(name, limit * 0.98).ok, name).toBe(sign !== '>=');
      expect(judge(name, limit * 1.02).ok, name).toBe(sign === '>=');
      expect(judge(name, limit).better).toBe(sign === '>=' ? 'higher' : 'lower');
    }
  });

  it('prints a line of JSON per figure, with these fields and no others', () => {
    const figures = [judge('delete-vs-find', 1.23456), judge('range-tls-vs-nginx', null)];
    expect(
      asJsonLines(figures)
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      { name: 'delete-vs-find', value: 1.23, limit: 2, better: 'lower', ok: true },
      { name: 'range-tls-vs-nginx', value: null, limit: 0.8, better: 'higher', ok: false },
    ]);
    expect(asTable(figures)).toContain('not measured');
  });

  it('counts what could not be measured as missed, and of several values the worst', () => {
    const values = combine([
      { 'loop-delay-p99-ms': 3, 'ingest-rss-mb': 200 },
      { 'loop-delay-p99-ms': 60 },
      { 'range-tls-vs-nginx': null },
    ]);
    expect(values).toEqual({ 'loop-delay-p99-ms': 60, 'ingest-rss-mb': 200, 'range-tls-vs-nginx': null });
    expect(combine([{ 'loop-delay-p99-ms': null }, { 'loop-delay-p99-ms': 1 }])).toEqual({
      'loop-delay-p99-ms': null,
    });
  });

  it('runs only the groups that are asked for, and refuses a name it does not know', () => {
    expect(groupsFor(['page-500-p99-ms']).map((g) => g.name)).toEqual(['million']);
    expect(groupsFor(['loop-delay-p99-ms']).map((g) => g.name)).toEqual([
      'ingest',
      'million',
      'holding',
      'deletion',
      'serving',
    ]);
    expect(groupsFor([])).toHaveLength(6);
    expect(readOptions(['--json', 'delete-vs-find'])).toEqual({
      json: true,
      names: ['delete-vs-find'],
      scale: 1,
    });
    expect(() => readOptions(['--scale', '2'])).toThrow('--scale');
    const program = fileURLToPath(new URL('../bench/run.ts', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [program, 'no-such-figure'], {
      encoding: 'utf8',
      timeout: PROCESS_HANG_MS,
    });
    expect(stderr).toContain('no-such-figure');
    expect(status).toBe(64);
  });

  it('has its sums right', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1).reverse();
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile(hundred, 1)]).toEqual([
      50, 99, 100,
    ]);
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
    expect([rounded(0.01234), rounded(12.345), rounded(1234.5)]).toEqual([0.0123, 12.3, 1235]);
    expect(() => percentile([], 0.5)).toThrow('no samples');
  });

  it('counts the fsyncs that the sweep made, and no others', () => {
    const at = (ms: number): string => ((T0 + ms) / 1000).toFixed(6);
    const trace = [
      `11 ${at(-5)} fdatasync(22) = 0 <0.500000>`,
      `11 ${at(10)} fdatasync(22 <unfinished ...>`,
      `12 ${at(20)} fsync(30) = 0 <0.002000>`,
      `11 ${at(30)} <... fdatasync resumed>) = 0 <0.003000>`,
      `11 ${at(2000)} fdatasync(22) = 0 <0.500000>`,
    ].join('\n');
    const swept = { event: 'swept', time: new Date(T0 + 1000).toISOString(), tookMs: 1000 };
    const { calls, ms } = fsyncsOf(trace, swept);
    expect([calls, Math.round(ms)]).toEqual([2, 5]);
  });
});

describe('a tree of the bench', () => {
  it('is what a Frigate of eight cameras writes', () => {
    const layout = compileLayout({ layout: 'frigate', timeZone: 'Etc/UTC', cameras: CAMERAS });
    const clips = [...clipsFrom(T0, 40)];
    expect(clips).toHaveLength(40);
    for (const clip of clips) {
      const meaning = layout.read(`${clip.dir}/${clip.name}`);
      expect(meaning).toMatchObject({
        is: 'clip',
        reading: { recorderCamera: clip.camera, startsMs: [clip.startMs] },
      });
    }
    const perCamera = CAMERAS.map((camera) => clips.filter((c) => c.camera === camera).map((c) => c.startMs));
    for (const starts of perCamera) expect(starts).toEqual([0, 1, 2, 3, 4].map((i) => T0 + i * CLIP_MS));
  });

  it('has an inode of its own for each clip, and the times of a recorder', () => {
    const root = join(mkdtempSync(join(tmpdir(), 'fortnight-bench-test-')), 'tree');
    try {
      const tree = writeTree(root, clipsFrom(T0, 16), { content: [Buffer.from('one'), Buffer.from('two!')] });
      const paths = readdirSync(root, { recursive: true, withFileTypes: true });
      const files = paths.filter((e) => e.isFile()).map((e) => statSync(join(e.parentPath, e.name)));
      expect(tree).toMatchObject({ files: 16, dirs: 1 + paths.filter((e) => e.isDirectory()).length });
      expect(new Set(files.map((f) => f.ino)).size).toBe(16);
      expect(new Set(files.map((f) => f.mtimeMs))).toEqual(new Set([T0 + CLIP_MS, T0 + 2 * CLIP_MS]));
      expect(files.every((f) => f.nlink === 1)).toBe(true);
    } finally {
      rmSync(join(root, '..'), { recursive: true });
    }
    expect(existsSync(root)).toBe(false);
  });
});

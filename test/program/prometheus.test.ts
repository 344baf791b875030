import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observe/metrics.ts';
import { aCamera, aRoot, aSnapshot } from '../tools/snapshot.ts';

const FOLDER = new URL('../../config/prometheus/', import.meta.url).pathname;
const GUIDE = new URL('../../docs/guide/prometheus.md', import.meta.url).pathname;
const RULES = `${FOLDER}fortnight.rules.yml`;
const TESTS = `${FOLDER}fortnight.rules.test.yml`;
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

const EVERY_DISK = {
  walkedMs: 1,
  oldestUnheldEndMs: 1,
  overdueFiles: 1,
  unindexedFiles: 1,
  unreadableDirs: 1,
};

interface Rule {
  readonly alert: string;
  readonly expr: string;
}

function rules(): Rule[] {
  const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
}

function promtool(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8', cwd: FOLDER });
  return { status, output: stdout + stderr };
}

async function metricNames(): Promise<Set<string>> {
  const metrics = createMetrics();
  const everything = aSnapshot({
    cameras: [aCamera('hall', { lastEndMs: 1, oldestUnheldEndMs: 1 })],
    roots: [
      aRoot('nvr', { lastReconcileMs: 1, disk: EVERY_DISK, backlog: { left: 1, perSecond: 1, leftMs: 1 } }),
    ],
    held: {
      kept: { both: 1, pin: 1, copy: 1, neither: 1 },
      copyBytes: 1,
      vault: { copies: 1, bytes: 1 },
      refused: [{ rootId: 'nvr', clips: 1, errno: 'EPERM' }],
      strays: [{ rootId: 'nvr', files: 1 }],
    },
    lastSweepMs: 1,
    drill: { atMs: 1, verdict: 'ok' },
    alarms: [{ code: 'overdue' }],
  });
  const text = await metrics.render({ snapshot: () => everything });
  metrics.stop();
  return new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map((m) => m[1]!));
}

describe('the alert rules', () => {
  it('are valid and fire when they should', (ctx) => {
    if (!hasPromtool) ctx.skip('promtool is not installed');
    expect(promtool('test', 'rules', TESTS)).toMatchObject({ status: 0 });
  });

  it('notice a rule that no longer fires', (ctx) => {
    if (!hasPromtool) ctx.skip('promtool is not installed');
    const broken = readFileSync(RULES, 'utf8').replace(
      'fortnight_overdue_clips) > 0',
      'fortnight_overdue_clips) > 99',
    );
    const result = spawnSync(
      'bash',
      [
        '-c',
        'dir=$(mktemp -d) && cat > "$dir/fortnight.rules.yml" && cp "$1" "$dir/t.yml" && promtool test rules "$dir/t.yml"; s=$?; rm -r "$dir"; exit $s',
        'bash',
        TESTS,
      ],
      { input: broken },
    );
    expect(result.status).not.toBe(0);
  });

  it('and the example of a Prometheus configuration are what promtool accepts', (ctx) => {
    if (!hasPromtool) ctx.skip('promtool is not installed');
    expect(promtool('check', 'config', `${FOLDER}prometheus.example.yml`)).toMatchObject({ status: 0 });
  });

  it('name only metrics that we export', async () => {
    const exported = await metricNames();
    const named = rules().flatMap((rule) => rule.expr.match(/fortnight_\w+/g) ?? []);
    expect(named.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('are each tested', () => {
    const tests = readFileSync(TESTS, 'utf8');
    expect(
      rules()
        .map((rule) => rule.alert)
        .filter((alert) => !tests.includes(alert)),
    ).toEqual([]);
  });

  it('are each explained in the guide', () => {
    const guide = readFileSync(GUIDE, 'utf8');
    expect(rules().filter((rule) => !guide.includes(`\`${rule.alert}\``))).toEqual([]);
  });
});

describe('the guide to Prometheus', () => {
  it('lists every metric we export, and no other', async () => {
    const guide = readFileSync(GUIDE, 'utf8');
    const listed = [...guide.matchAll(/^\| `(\w+)/gm)]
      .map((m) => m[1]!)
      .filter((name) => !name.startsWith('Fortnight'));
    expect(listed.sort()).toEqual([...(await metricNames())].sort());
  });
});
